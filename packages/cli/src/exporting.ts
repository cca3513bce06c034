import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '@winning-tickets/datasets';
import { imageDataset } from '@winning-tickets/datasets';
import type { ExportedFile } from '@winning-tickets/export';
import { encodings as allEncodings, encodingNames, exportFile } from '@winning-tickets/export';
import { suggestion } from '@winning-tickets/ticket';
import type { Run, StageManifest } from '@winning-tickets/train';
import { stageFolder } from '@winning-tickets/train';
import { UsageError } from './failures.js';
import { withRuntime } from './runtime.js';

/** One ticket and what it is exported as. */
export interface TicketExport {
  /** Ticket file. */
  readonly file: string;
  readonly encodings: readonly string[];
}

export interface ExportPlan {
  readonly tickets: readonly TicketExport[];
  /** A folder, or a file when there is one ticket and one encoding. */
  readonly out: string;
  /** Whose test samples prove the models equal to the trained networks. */
  readonly dataset: Dataset;
  /** Compact models take only the inputs that matter. */
  readonly liveInputs?: boolean;
  readonly overwrite?: boolean;
  readonly signal: AbortSignal;
  readonly onExported?: (file: ExportedFile) => void;
}

/** Exports tickets, each in its encodings, and proves every file. */
export async function exportAll(plan: ExportPlan): Promise<ExportedFile[]> {
  const { tickets, out, signal, overwrite = false } = plan;
  const dataset = imageDataset(plan.dataset);
  return await withRuntime(async (run) => {
    const files: ExportedFile[] = [];
    for (const { file: ticket, encodings } of tickets) {
      for (const encoding of encodings) {
        // Lets a signal be heard: what the runtime computes blocks the process.
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        const encodingOptions =
          takesLiveInputs(encoding) && plan.liveInputs === true ? { liveInputs: true } : {};
        const file = await exportFile(ticket, encoding, out, {
          encodingOptions,
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

/** @throws UsageError when an encoding is unknown, or none of them can take live inputs alone. */
export function checkEncodings(names: readonly string[], liveInputs = false): string[] {
  for (const name of names) {
    if (!encodingNames().includes(name)) {
      throw new UsageError(`unknown encoding '${name}'${suggestion(name, encodingNames())}`);
    }
  }
  if (liveInputs && !names.some(takesLiveInputs)) {
    const able = encodingNames().filter(takesLiveInputs).join(', ');
    throw new UsageError(`--live-inputs is for ${able}: add it to the encodings`);
  }
  return [...new Set(names)];
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
 * and dense alone: nothing is pruned that a sparse or a compact file could leave out.
 */
export function ticketsToExport(
  run: Run,
  stages: readonly StageManifest[],
  encodings: readonly string[],
): TicketExport[] {
  return stages.map((stage) => ({
    file: join(stageFolder(run, stage), stage.ticket),
    encodings: stage.level === 0 ? ['dense'] : encodings,
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

function nearestDensity(stages: readonly StageManifest[], density: number): StageManifest | undefined {
  const distance = (stage: StageManifest) => Math.abs(Math.log(stage.density / density));
  return stages.toSorted((a, b) => distance(a) - distance(b))[0];
}

function takesLiveInputs(name: string): boolean {
  const encoding = allEncodings.find((one) => one.name === name);
  return encoding !== undefined && Object.hasOwn(encoding.options, 'liveInputs');
}
