import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFloorModel } from './floor-model.js';
import { mergeTimed } from './lane.js';
import { checkBatchFits, readModelFiles } from './model-file.js';
import type { BenchOptions } from './options.js';
import { resolveOptions } from './options.js';
import { rate } from './rate.js';
import type { RatedBatch, TimedBatch } from './result.js';
import { checkProvider } from './session.js';
import { median } from './statistics.js';
import { timeModels } from './timing.js';

/** What was timed side by side: each model in the order of its file, the first a second time, the empty graph. */
export type TimedDraw = readonly (readonly TimedBatch[])[];

/** A model beside the first one, over all draws. */
export interface ComparedModel {
  readonly batches: readonly (RatedBatch & {
    /** Of each draw alone: the median over that of the first model. */
    readonly drawRatios: readonly number[];
  })[];
}

/**
 * Times models of one input form side by side on noise, as `benchmark` does, and measures nothing else: for many models of
 * which only their times matter.
 *
 * @param options of which those about memory, sessions and data are not used; the first file is what ratios compare with;
 *   `repeats` from 1
 * @throws as `benchmark` does
 */
export async function timeLatencies(
  options: Omit<BenchOptions, 'data' | 'processes' | 'roofline' | 'baseline'> & { readonly repeats: number },
): Promise<TimedDraw> {
  const settings = { ...resolveOptions({ ...options, repeats: undefined }), repeats: options.repeats };
  const models = await readModelFiles(options.files);
  const [baseline] = models;
  if (!baseline) throw new Error('there is no file to measure; name at least one .onnx file.');
  for (const model of models) for (const batch of settings.batches) checkBatchFits(model, batch);
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-bench-'));
  try {
    const floor = await writeFloorModel(folder);
    await checkProvider(floor.file, settings);
    const found = models.map(() => 'synthetic');
    const { batches } = settings;
    return await timeModels({ models, baseline, floor, found, batches }, settings, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Compares models with the first of them, each drawn at random one or several times, such as a layer with several masks.
 *
 * Of several draws each is one observation, however many blocks it has: blocks of one draw share what is peculiar to it, so
 * that their number says nothing of another draw. Of one draw the blocks are the observations, and nothing is said of others.
 *
 * @returns the models in their order, the first itself included
 */
export function compareDraws(draws: readonly TimedDraw[]): ComparedModel[] {
  const lanes = mergeTimed(draws.length === 1 ? draws : draws.map(asOneBlock));
  const [reference = []] = lanes;
  const [again = [], floor = []] = lanes.slice(-2);
  const noise = rate(again, reference, floor);
  return lanes.slice(0, -2).map((lane, model) => ({
    batches: rate(lane, reference, floor, noise).map((row, place) => ({
      ...row,
      drawRatios: draws.map((draw) => medianOf(draw[model]?.[place]) / medianOf(draw[0]?.[place])),
    })),
  }));
}

function asOneBlock(draw: TimedDraw): TimedBatch[][] {
  return draw.map((rows) => rows.map((row) => ({ ...row, samplesMicros: [row.samplesMicros.flat()] })));
}

function medianOf(row: TimedBatch | undefined): number {
  return median(row?.samplesMicros.flat() ?? []);
}
