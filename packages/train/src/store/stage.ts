import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type LiveStructure,
  type Ticket,
  type TicketMetrics,
  decodeTicket,
  parse,
} from '@winning-tickets/ticket';
import { z } from 'zod';
import { type History, parseHistory } from '../history.js';
import { branchIdSchema } from '../lottery/branches/branch.js';
import type { Stage } from '../lottery/stages.js';
import { writeAtomic, writeJson } from './atomic.js';
import { checkpointFileName } from './checkpoint.js';
import { failureFileName } from './failure.js';
import { fileProblem } from './file-problem.js';
import { readIfPresent, readJsonIfPresent } from './read-file.js';
import { stageFolder, stageLabel } from './stage-path.js';

/** What a finished stage says of itself in `stage.json`. The file is written last: where it is, the stage is complete. */
export interface StageManifest extends Stage {
  readonly schema: 1;
  /** The trial's seed. */
  readonly seed: number;
  /** File name of the ticket, in the stage's folder. */
  readonly ticket: string;
  /** The seal of the ticket: SHA-256, 64 hex digits. */
  readonly ticketHash: string;
  /** Share of the weights that survive, 0 to 1, over all prunable parameters. */
  readonly density: number;
  /** The same for each prunable parameter, by its name: `fc1.weight`. */
  readonly layerDensities: Readonly<Record<string, number>>;
  /** Surviving weights. */
  readonly survivors: number;
  /** Prunable weights. */
  readonly total: number;
  /** What exact compaction would leave of the network at early stop; absent in runs from before it was counted. */
  readonly live?: LiveStructure;
  /** Losses in nats, accuracies 0 to 1. */
  readonly metrics: TicketMetrics;
  /** Steps trained. */
  readonly iterations: number;
  /** Wall time of the training. */
  readonly seconds: number;
  /** Median wall time of a step. */
  readonly stepMicros: number;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
}

/** What a finished stage leaves. */
export interface StageResult {
  /** The encoded ticket. */
  readonly ticketBytes: Uint8Array;
  /** Its file name; the same as the manifest's. */
  readonly ticketFileName: string;
  readonly history: History;
  readonly manifest: StageManifest;
}

/** The files of a finished stage, beside its ticket. */
export const manifestFileName = 'stage.json';
const historyFileName = 'history.json';

const maxManifestBytes = 1_000_000;
const maxHistoryBytes = 256_000_000;
/** A buffer of Node.js holds no more. */
const maxTicketBytes = 2 ** 31 - 1;

const ticketName = /^ticket-[0-9a-f]{12}\.ticket$/;

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const duration = z.number().min(0);

const measurement = z.object({
  iteration: count,
  validationLoss: z.number(),
  validationAccuracy: share,
  testLoss: z.number(),
  testAccuracy: share,
  validationMacroF1: share.exactOptional(),
  testMacroF1: share.exactOptional(),
  validationMicroF1: share.exactOptional(),
  testMicroF1: share.exactOptional(),
});

const liveCount = z.object({ live: count, total: count });

const manifestSchema = z.object({
  schema: z.literal(1),
  trial: z.int().min(1),
  branch: branchIdSchema,
  level: count,
  seed: count,
  // The pattern keeps a foreign manifest from naming a file outside its folder.
  ticket: z.string().regex(ticketName),
  ticketHash: z.string().regex(/^[0-9a-f]{64}$/),
  density: share,
  layerDensities: z.record(z.string(), share),
  survivors: count,
  total: count,
  live: z.object({ inputs: liveCount, units: z.record(z.string(), liveCount) }).exactOptional(),
  metrics: z.object({ best: measurement, end: measurement }),
  iterations: count,
  seconds: duration,
  stepMicros: duration,
  finishedAt: z.iso.datetime(),
});

/**
 * The manifest of a stage; undefined while it is not finished.
 *
 * @throws Error when the file is damaged or belongs to another stage; says which file to delete
 */
export async function readStage(
  run: { readonly folder: string },
  key: Stage,
): Promise<StageManifest | undefined> {
  const path = join(stageFolder(run, key), manifestFileName);
  try {
    const json = await readJsonIfPresent(path, maxManifestBytes);
    return json === undefined ? undefined : checkKey(parse(manifestSchema, json, path), key, path);
  } catch (error) {
    throw new Error(`${messageOf(error)}; delete it to train this level again`, { cause: error });
  }
}

/**
 * Writes what a stage has produced, the manifest last, and removes its checkpoint. Safe to repeat: when the stage is
 * finished already, its files stay as they are, because other stages may build on them.
 *
 * @returns the manifest that stands
 * @throws Error when the disk is full or read-only; the stage is then unfinished, as before
 */
export async function commitStage(
  run: { readonly folder: string },
  key: Stage,
  { ticketBytes, ticketFileName, history, manifest }: StageResult,
): Promise<StageManifest> {
  const folder = stageFolder(run, key);
  const standing = await readStage(run, key);
  if (standing === undefined) {
    checkResult(key, ticketFileName, manifest);
    await makeFolder(folder);
    await writeAtomic(join(folder, ticketFileName), ticketBytes);
    await writeJson(join(folder, historyFileName), history);
    await writeJson(join(folder, manifestFileName), manifest);
  }
  const result = standing ?? manifest;
  await removeRemains(folder, result.ticket);
  return result;
}

/**
 * The ticket of a finished stage.
 *
 * @throws Error when the stage is not finished, or the ticket is missing, damaged or not the one that was recorded
 */
export async function readStageTicket(
  run: { readonly folder: string },
  key: Stage,
): Promise<Ticket & { readonly hash: string }> {
  const manifest = await readStage(run, key);
  if (!manifest)
    throw new Error(`${stageLabel(key)} of ${run.folder} is not finished: run the experiment first`);
  const folder = stageFolder(run, key);
  const path = join(folder, manifest.ticket);
  const remedy = `put the original back, or delete ${join(folder, manifestFileName)} to train this level again`;
  const bytes = await readIfPresent(path, maxTicketBytes);
  if (!bytes) throw new Error(`${path} is missing: ${remedy}`);
  const ticket = decodeRecorded(bytes, path, remedy);
  if (ticket.hash !== manifest.ticketHash) {
    throw new Error(
      `${path} was replaced: its seal is ${ticket.hash}, recorded is ${manifest.ticketHash}; ${remedy}`,
    );
  }
  return ticket;
}

/**
 * The course of a finished stage's training.
 *
 * @throws Error when the file is missing or damaged
 */
export async function readHistory(run: { readonly folder: string }, key: Stage): Promise<History> {
  const folder = stageFolder(run, key);
  const path = join(folder, historyFileName);
  const remedy = `delete ${join(folder, manifestFileName)} to train this level again`;
  try {
    const json = await readJsonIfPresent(path, maxHistoryBytes);
    if (json === undefined) throw new Error(`${path} is missing`);
    return parseHistory(json, path);
  } catch (error) {
    throw new Error(`${messageOf(error)}; ${remedy}`, { cause: error });
  }
}

/** Whether a file name is one that a finished stage has. */
export function isStageFile(name: string): boolean {
  return [manifestFileName, historyFileName, failureFileName].includes(name) || ticketName.test(name);
}

function checkKey(manifest: StageManifest, key: Stage, path: string): StageManifest {
  if (stageLabel(manifest) !== stageLabel(key)) {
    throw new Error(`${path} belongs to another stage (${stageLabel(manifest)})`);
  }
  return manifest;
}

/** Nothing is written that could not be read back. */
function checkResult(key: Stage, ticketFileName: string, manifest: StageManifest): void {
  const source = `the manifest of ${stageLabel(key)}`;
  checkKey(parse(manifestSchema, manifest, source), key, source);
  if (manifest.ticket !== ticketFileName) {
    throw new Error(`${source} names the ticket ${manifest.ticket}, found ${ticketFileName}`);
  }
}

function decodeRecorded(bytes: Uint8Array, path: string, remedy: string) {
  try {
    return decodeTicket(bytes, path);
  } catch (error) {
    throw new Error(`${messageOf(error)}; ${remedy}`, { cause: error });
  }
}

/** The checkpoint is of no more use, nor is a ticket of an attempt that never came to its manifest. */
async function removeRemains(folder: string, ticket: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      if (name === checkpointFileName || (ticketName.test(name) && name !== ticket)) {
        await rm(join(folder, name), { force: true });
      }
    }
  } catch (error) {
    throw fileProblem(error, 'delete', join(folder, checkpointFileName));
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileProblem(error, 'create', folder);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
