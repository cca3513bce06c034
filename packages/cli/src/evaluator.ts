import type { Dataset } from '@winning-tickets/datasets';
import { loadDataset } from '@winning-tickets/datasets';
import type { SealedTicket } from '@winning-tickets/export';
import { canonicalJson, resolveNetwork, wordsMismatch } from '@winning-tickets/ticket';
import type { Evaluation, TrainingProgram } from '@winning-tickets/train';
import { onnxEngine, parseExperiment } from '@winning-tickets/train';
import type { RecordedData } from './ticket-data.js';
import { recordedData } from './ticket-data.js';

/** Runs trained networks on the test samples of their data sets; both are loaded once. */
export interface Evaluator {
  /** The data set that something was trained on. @throws Error when the files here are not the same. */
  dataset(recorded: RecordedData, source: string): Promise<Dataset>;
  /**
   * Loss and accuracy of a ticket's weights on the test samples, in ONNX Runtime whichever engine trained it: that one is
   * always here, and the others agree with it but for rounding.
   *
   * @throws Error also when the words here are not those of the ticket.
   */
  evaluate(ticket: SealedTicket, weights: 'best' | 'trained', source: string): Promise<Evaluation>;
}

/**
 * @param dataDir the user's own copy of the data; by default what the tickets name, or the installed copy
 */
export async function withEvaluator<T>(
  dataDir: string | undefined,
  task: (evaluator: Evaluator) => Promise<T>,
): Promise<T> {
  const datasets = new Map<string, Promise<Dataset>>();
  const programs = new Map<string, TrainingProgram>();
  const dataset: Evaluator['dataset'] = async ({ checksum, ...recorded }, source) => {
    const { id, directory, validation, splitSeed, text } = recorded;
    const from = { id, directory: dataDir ?? directory, validation, splitSeed, text };
    const key = JSON.stringify(from);
    const loading = datasets.get(key) ?? loadDataset(from);
    datasets.set(key, loading);
    const found = await loading;
    if (found.checksum !== checksum) {
      throw new Error(
        `${source}: was trained on ${id} with checksum ${checksum.slice(0, 12)}, the files here have ` +
          `${found.checksum.slice(0, 12)}: give the folder of the same files (--data-dir)`,
      );
    }
    return found;
  };
  const datasetOf = async (ticket: SealedTicket, source: string): Promise<Dataset> => {
    const found = await dataset(recordedData(ticket.metadata), source);
    const mismatch = wordsMismatch(ticket, found);
    if (mismatch === undefined) return found;
    throw new Error(
      `${source}: the words of ${found.id} here are not those that it was trained on: ${mismatch}`,
    );
  };
  const programFor = async (ticket: SealedTicket, source: string): Promise<TrainingProgram> => {
    const { metadata } = ticket;
    const experiment = parseExperiment(metadata.experiment, `${source}, metadata experiment`);
    const { checksum, inputScale, split } = metadata.dataset;
    const { text = null } = experiment.dataset;
    const key = canonicalJson([
      ...[metadata.network, checksum, split.validation, split.seed, text],
      experiment.threads,
    ]);
    const known = programs.get(key);
    if (known) return known;
    const { train, test } = await datasetOf(ticket, source);
    const { optimizer, batchSize, threads } = experiment;
    const program = await onnxEngine.compile({
      network: resolveNetwork(metadata.network),
      optimizer,
      batchSize,
      threads,
      inputScale,
      train,
      // Only the test samples are asked for.
      validation: test,
      test,
    });
    programs.set(key, program);
    return program;
  };
  try {
    return await task({
      dataset,
      evaluate: async (ticket, weights, source) => {
        const program = await programFor(ticket, source);
        return await program.evaluate({ parameters: ticket[weights], buffers: {} }, 'test');
      },
    });
  } finally {
    for (const program of programs.values()) await program.dispose();
  }
}
