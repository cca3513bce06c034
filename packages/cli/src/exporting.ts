import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '@winning-tickets/datasets';
import type { EncodingOptions, ExportedFile } from '@winning-tickets/export';
import { encodings as allEncodings, encodingNames, encodingsFor, exportFile } from '@winning-tickets/export';
import type { Ticket } from '@winning-tickets/ticket';
import { suggestion } from '@winning-tickets/ticket';
import type { Run, StageManifest } from '@winning-tickets/train';
import { stageFolder } from '@winning-tickets/train';
import { UsageError } from './failures.js';
import { withRuntime } from './runtime.js';

/** The encodings that take the words of texts. */
const bags: readonly string[] = ['bag', 'shared-bag'];

/** One ticket and what it is exported as. */
export interface TicketExport {
  /** Ticket file. */
  readonly file: string;
  readonly models: readonly ModelChoice[];
}

export interface ModelChoice {
  readonly encoding: string;
  readonly options: EncodingOptions;
}

/** Switches of encodings, on the command line. */
export interface EncodingSwitches {
  /** Models take only the inputs that matter. */
  readonly liveInputs?: boolean;
  /** Models over bags are of the compact network. */
  readonly compactBag?: boolean;
  /** The encoding whose weights fp16 and int8 round. */
  readonly of?: string | undefined;
}

export interface ExportPlan {
  readonly tickets: readonly TicketExport[];
  /** A folder, or a file when there is one ticket and one encoding. */
  readonly out: string;
  /** Whose test samples prove the models equal to the trained networks. */
  readonly dataset: Dataset;
  readonly overwrite?: boolean;
  readonly signal: AbortSignal;
  readonly onExported?: (file: ExportedFile) => void;
}

/** Exports tickets, each in its encodings, and proves every file. */
export async function exportAll(plan: ExportPlan): Promise<ExportedFile[]> {
  const { tickets, out, dataset, signal, overwrite = false } = plan;
  return await withRuntime(async (run) => {
    const files: ExportedFile[] = [];
    for (const { file: ticket, models } of tickets) {
      for (const { encoding, options } of models) {
        // Lets a signal be heard: what the runtime computes blocks the process.
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        const file = await exportFile(ticket, encoding, out, {
          encodingOptions: options,
          overwrite,
          proof: { dataset, run },
        });
        plan.onExported?.(file);
        files.push(file);
      }
    }
    return files;
  });
}

/** @throws UsageError when an encoding is unknown, or a switch is for none of them. */
export function checkEncodings(
  names: readonly string[],
  { liveInputs = false, compactBag = false, of }: EncodingSwitches = {},
): string[] {
  for (const name of names) {
    if (!encodingNames().includes(name)) {
      throw new UsageError(`unknown encoding '${name}'${suggestion(name, encodingNames())}`);
    }
  }
  checkSwitch('--live-inputs', liveInputs, names, (name) => has(name, 'liveInputs'));
  checkSwitch('--compact-bag', compactBag, names, (name) => has(name, 'compact'));
  checkSwitch('--of', of !== undefined, names, (name) => has(name, 'of'));
  return [...new Set(names)];
}

function checkSwitch(
  option: string,
  isOn: boolean,
  names: readonly string[],
  takes: (name: string) => boolean,
): void {
  if (!isOn || names.some(takes)) return;
  throw new UsageError(
    `${option} is for ${encodingNames().filter(takes).join(', ')}: add it to the encodings`,
  );
}

/** Encodings with the switches that each of them has. */
export function withSwitches(
  encodings: readonly string[],
  { liveInputs = false, compactBag = false, of }: EncodingSwitches,
): ModelChoice[] {
  return encodings.map((encoding) => ({
    encoding,
    options: {
      ...(liveInputs && has(encoding, 'liveInputs') ? { liveInputs } : {}),
      ...(compactBag && has(encoding, 'compact') ? { compact: true } : {}),
      ...(of !== undefined && has(encoding, 'of') ? { of } : {}),
    },
  }));
}

/** What a run is exported as when nobody says: a network over bags of words also as one that takes the words of texts. */
export function usualEncodings(ticket: Ticket): string[] {
  const isOverBags = ticket.metadata.dataset.text?.kind === 'bag';
  const takesBags = isOverBags && encodingsFor(ticket).some(({ name }) => isBag(name));
  return ['dense', 'sparse', 'compact', ...(takesBags ? bags : [])];
}

/** Whether an encoding is of networks over bags of words alone. */
export function isBag(encoding: string): boolean {
  return bags.includes(encoding);
}

/** A run's stages that stand for it: of the first trial the whole network, and tickets of about 13.5 % and 3.6 %. */
export function stagesToExport(run: Run, levels: readonly number[] | undefined): StageManifest[] {
  const ladder = run.stages.filter(({ trial, branch }) => trial === 1 && branch === 'iterative');
  if (levels) {
    return levels.map((level) => {
      const stage = ladder.find((one) => one.level === level);
      if (!stage) throw new UsageError(`level ${level} is not in the run: it has 0 to ${ladder.length - 1}`);
      return stage;
    });
  }
  const chosen = [1, 0.135, 0.036].flatMap((density) => nearestDensity(ladder, density) ?? []);
  return ladder.filter((stage) => chosen.includes(stage));
}

/**
 * The tickets of stages, each in each encoding. The whole network, level 0, is what the others are compared with,
 * and in full alone, dense and as a bag: nothing is pruned that a sparse or a compact file could leave out. Bags of the
 * others are of the compact network, as there is nothing else to gain from pruning in that form.
 */
export function ticketsToExport(
  run: Run,
  stages: readonly StageManifest[],
  encodings: readonly string[],
): TicketExport[] {
  return stages.map((stage) => ({
    file: join(stageFolder(run, stage), stage.ticket),
    models:
      stage.level === 0
        ? withSwitches(['dense', ...encodings.filter(isBag)], {})
        : withSwitches(encodings, { compactBag: true }),
  }));
}

/** The digests of files by path; those that are missing are left out. */
export async function digests(files: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of files) {
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes) found.set(file, createHash('sha256').update(bytes).digest('hex'));
  }
  return found;
}

/** The stage of the nearest density, by ratio; the first of equal ones. Undefined of none. */
export function nearestDensity(stages: readonly StageManifest[], density: number): StageManifest | undefined {
  const distance = (stage: StageManifest) => Math.abs(Math.log(stage.density / density));
  return stages.toSorted((a, b) => distance(a) - distance(b))[0];
}

function has(name: string, option: string): boolean {
  const encoding = allEncodings.find((one) => one.name === name);
  return encoding !== undefined && Object.hasOwn(encoding.options, option);
}
