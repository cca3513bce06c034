import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BenchOptions } from '@winning-tickets/bench';
import type { Dataset } from '@winning-tickets/datasets';
import type { ExportedFile } from '@winning-tickets/export';
import { readTicket } from '@winning-tickets/ticket';
import writeFileAtomic from 'write-file-atomic';
import { benchWithProgress } from '../benching.js';
import type { EncodingSwitches } from '../exporting.js';
import { exportAll } from '../exporting.js';
import { codeOf } from '../failures.js';
import type { Candidate } from './candidates.js';
import { candidateModels, exportCandidates } from './candidates.js';
import type { Choice } from './choose.js';
import { choose, targetsOf } from './choose.js';
import type { BestEvidence, MeasuredBatch, MeasuredRun } from './evidence.js';
import { measuredRun } from './evidence.js';

export interface BestPlan {
  /** Ticket file. */
  readonly ticket: string;
  /** A folder, made where it is missing. */
  readonly out: string;
  /** Whose test samples prove the models equal to the trained network. */
  readonly dataset: Dataset;
  /** How to measure; the run that reports has the next seed. */
  readonly bench: Pick<
    BenchOptions,
    'batches' | 'repeats' | 'processes' | 'provider' | 'threads' | 'data'
  > & {
    readonly seed: number;
  };
  readonly switches: EncodingSwitches;
  /** Whether encodings may be chosen that round weights. */
  readonly allowRounding: boolean;
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Called with each candidate that is proved and will be measured. */
  readonly onCandidate: (file: ExportedFile) => void;
}

/** What was written. */
export interface BestExport {
  /** `<name>.best.onnx`; where batch sizes differ in what is best, `<name>.best-batch1.onnx` and so on. */
  readonly files: readonly ExportedFile[];
  /** `<name>.best.json`. */
  readonly evidenceFile: string;
  readonly evidence: BestEvidence;
}

/**
 * Writes a ticket in the encoding that is the fastest on this machine at each batch size, with the evidence.
 *
 * All candidates are exported into a temporary folder and measured side by side; that run chooses. A second run, with
 * another seed, over the dense model and the chosen alone, says what the choice gains: the least of many times is too low
 * by its choice. Where nothing is faster than dense beyond doubt, dense is written.
 *
 * @throws Error as `exportFile` and `benchmark` do, and when `<name>.best.json` is of something else; nothing is written then.
 */
export async function exportBest(plan: BestPlan): Promise<BestExport> {
  const { ticket: file, out, dataset, signal, overwrite } = plan;
  const ticket = await readTicket(file);
  const models = candidateModels(ticket, plan.allowRounding, plan.switches);
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-best-'));
  try {
    const exporting = { out: folder, dataset, signal, onExported: plan.onCandidate };
    const { candidates, leftOut } = await exportCandidates(file, models, exporting);
    const stem = join(out, `${nameOf(candidates)}.best`);
    const evidenceFile = `${stem}.json`;
    if (!overwrite) await refuseOther(evidenceFile, ticket.hash);
    const { choices, chosenIn, reportedIn } = await measureTwice(candidates, plan);
    const targets = targetsOf(stem, choices);
    const files: ExportedFile[] = [];
    for (const { file: chosen, model } of candidates) {
      const target = targets.get(chosen.file);
      if (target === undefined) continue;
      const tickets = [{ file, models: [model] }];
      files.push(...(await exportAll({ tickets, out: target, dataset, signal, overwrite })));
    }
    const evidence: BestEvidence = {
      ...{ schema: 1, kind: 'best-encoding', ticket: ticket.hash },
      best: choices.map((choice) => ({
        batch: choice.batch,
        file: basename(targets.get(choice.file) ?? ''),
        name: basename(choice.file, '.onnx'),
        encoding: candidates.find((one) => one.file.file === choice.file)?.file.encoding ?? '',
        beatsDense: choice.beatsBaseline,
        reported: choice.beatsBaseline ? reportedOf(choice, reportedIn) : null,
      })),
      ...{ leftOut, chosenIn, reportedIn },
    };
    signal.throwIfAborted();
    await writeFileAtomic(evidenceFile, `${JSON.stringify(evidence, null, 2)}\n`);
    return { files, evidenceFile, evidence };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly choices: readonly Choice[];
  readonly chosenIn: MeasuredRun;
  readonly reportedIn: MeasuredRun;
}

async function measureTwice(
  candidates: readonly Candidate[],
  { bench, signal }: Pick<BestPlan, 'bench' | 'signal'>,
): Promise<Measured> {
  const [baseline = '', ...others] = candidates.map(({ file }) => file.file);
  const measure = (files: readonly string[], seed: number) =>
    benchWithProgress({
      ...bench,
      ...{ files, baseline, seed, signal },
      // What says nothing about which is faster.
      ...{ roofline: false, memoryProcesses: 1, sessionCreations: 1 },
    });
  const first = await measure([baseline, ...others], bench.seed);
  const choices = choose(first);
  const chosen = others.filter((file) => choices.some((choice) => choice.file === file));
  const second = await measure([baseline, ...chosen], bench.seed + 1);
  return { choices, chosenIn: measuredRun(first), reportedIn: measuredRun(second) };
}

function reportedOf({ file, batch }: Choice, { models }: MeasuredRun): MeasuredBatch | null {
  const model = models.find(({ name }) => name === basename(file, '.onnx'));
  return model?.batches.find((row) => row.batch === batch) ?? null;
}

/** What the names of all candidates begin with. */
function nameOf([dense]: readonly Candidate[]): string {
  return basename(dense?.file.file ?? '', '-dense.onnx');
}

// Evidence can be made again, so it may be replaced by that of the same ticket; nothing else may.
async function refuseOther(file: string, hash: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined || isEvidenceOf(text, hash)) return;
  throw new Error(
    `${file}: holds something else than the evidence for this ticket; choose another folder, or --force`,
  );
}

function isEvidenceOf(text: string, hash: string): boolean {
  try {
    const { kind, ticket } = JSON.parse(text) as Partial<BestEvidence>;
    return kind === 'best-encoding' && ticket === hash;
  } catch {
    return false;
  }
}
