import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFloorModel } from './floor-model.js';
import { checkBatchFits, readModelFiles } from './model-file.js';
import type { BenchOptions } from './options.js';
import { resolveOptions } from './options.js';
import { rate } from './rate.js';
import type { RatedBatch } from './result.js';
import { checkProvider } from './session.js';
import { timeModels } from './timing.js';

/** Latencies of some models and nothing else. */
export interface Comparison {
  /** The baseline against itself, at each batch size. */
  readonly noise: readonly RatedBatch[];
  /** In the order of the files. */
  readonly models: readonly { readonly file: string; readonly batches: readonly RatedBatch[] }[];
}

/**
 * Times models of one input form side by side on noise, as `benchmark` does, and measures nothing else: for many models of
 * which only their times matter.
 *
 * @param options of which those about memory, sessions and data are not used; the baseline is the first file unless named
 * @throws as `benchmark` does
 */
export async function compareLatencies(
  options: Omit<BenchOptions, 'data' | 'processes' | 'roofline'>,
): Promise<Comparison> {
  const settings = resolveOptions(options);
  const models = await readModelFiles(options.files);
  const baseline = models.find(({ file }) => file === options.baseline) ?? models[0];
  if (!baseline) throw new Error('there is no file to measure; name at least one .onnx file.');
  for (const model of models) for (const batch of settings.batches) checkBatchFits(model, batch);
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-bench-'));
  try {
    const floor = await writeFloorModel(folder);
    await checkProvider(floor.file, settings);
    const found = models.map(() => 'synthetic');
    const { batches } = settings;
    const lanes = await timeModels({ models, baseline, floor, found, batches }, settings, options);
    const reference = lanes[models.indexOf(baseline)] ?? [];
    const floorBatches = lanes[models.length + 1] ?? [];
    const noise = rate(lanes[models.length] ?? [], reference, floorBatches);
    return {
      noise,
      models: models.map(({ file }, index) => ({
        file,
        batches: rate(lanes[index] ?? [], reference, floorBatches, noise),
      })),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
