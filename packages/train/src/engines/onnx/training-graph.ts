import type { DType, Graph, Value } from '@winning-tickets/onnx';
import { gather, GraphBuilder, gradients, loop, mul, reduceMean, sizeOf } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';
import { forward } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { sampleLosses } from '../../losses/sample-losses.js';
import { rateFactorOf } from '../../optimizers/rate-factors.js';
import { updateRule } from '../../optimizers/rules.js';
import { batchInput, firstWeights } from './input.js';
import type { Storage } from './storage.js';
import { survivorStorage, wholeStorage } from './storage.js';

/**
 * `whole`: nothing is masked. `masked`: the optimizer passes over all weights. `survivors`: over the surviving ones
 * alone.
 */
export type TrainingForm = 'whole' | 'masked' | 'survivors';

/**
 * Many training steps as one graph: a `Loop` whose body is one step (batch, forward, backward, masked update).
 *
 * Inputs: those of `batchInput`, over `[steps, batch]`, `stepSizes` `[steps]`, `trips` int64, per parameter
 * `parameter/<p>` and `<slot>/<p>`, per buffer `buffer/<b>`, and `seeds` `[steps]` int64 where layers are random.
 * Prunable parameters also have, in the form `masked`, `mask/<p>` (0 or 1) in their shape; in the form `survivors`,
 * `survivors/<p>` and `places/<p>`, see `survivorStorage`.
 * Outputs: `next/parameter/<p>`, `next/<slot>/<p>`, `next/buffer/<b>` and `losses` `[steps]`.
 *
 * The mask multiplies the gradient only: a pruned weight starts at zero and, with a zero gradient and zero slots,
 * stays there, so the forward pass needs no masking.
 *
 * @param dtype of parameters, slots, masks, step sizes and losses; double precision is for checking the graph.
 * @param form how masked parameters are kept; all that fit the masks give the same numbers.
 */
export function trainingGraph(
  job: Omit<TrainingJob, 'validation' | 'test' | 'threads'>,
  dtype: DType = 'float32',
  form: TrainingForm = 'masked',
): Graph {
  const builder = new GraphBuilder('training');
  const rule = updateRule(job.optimizer);
  const { parameters, buffers } = job.network;
  const first = parameters.findIndex(({ name }) => name === firstWeights(job.network));
  const batchAt = batchInput(builder, job, ['steps', job.batchSize], dtype);
  const stepSizes = builder.input('stepSizes', dtype, ['steps']);
  const trips = builder.input('trips', 'int64', []);
  const seeds = job.network.random ? builder.input('seeds', 'int64', ['steps']) : undefined;
  const storage = storageOf(builder, parameters, form, dtype, first < 0 ? undefined : first);
  // States in order: the packed parameters, then each slot, packed alike.
  const kinds = ['parameter', ...rule.slots];
  const initial = kinds.map((kind) =>
    storage.pack(
      builder,
      parameters.map(({ name, shape }) => builder.input(`${kind}/${name}`, dtype, shape)),
    ),
  );
  const rateFactors = parameters.map((parameter) => rateFactorOf(job.optimizer, parameter));
  const factors = storage.packFactors(builder, rateFactors, stepSizes);
  const initialBuffers = buffers.map(({ name, shape }) => builder.input(`buffer/${name}`, dtype, shape));
  const width = given(initial, 0).length;
  const buffersFrom = width * kinds.length;
  const ofKind = (states: readonly Value[], kind: number) => states.slice(kind * width, (kind + 1) * width);

  const { states: last, scans } = loop(
    builder,
    trips,
    [...initial.flat(), ...initialBuffers],
    (body, step, current) => {
      const batch = batchAt(body, step);
      const rows = batch.columns && { parameter: first, rows: batch.columns };
      const weights = storage.unpack(body, ofKind(current, 0), rows);
      const currentBuffers = current.slice(buffersFrom);
      const named = Object.fromEntries([
        ...parameters.map(({ name }, index) => [name, given(weights, index)] as const),
        ...buffers.map(({ name }, index) => [name, given(currentBuffers, index)] as const),
      ]);
      const seed = seeds && gather(body, seeds, step);
      const nextBuffers = new Map<string, Value>();
      const logits = forward(body, job.network, batch.input, named, { seed, nextBuffers });
      const loss = reduceMean(body, sampleLosses(body, logits, batch.labels));
      const slopes = storage.packGradients(body, gradients(body, loss, weights), rows);
      const stepSize = gather(body, stepSizes, step);
      const updated = ofKind(current, 0).map((parameter, index) => {
        const factor = factors[index];
        return rule.update({
          builder: body,
          parameter,
          gradient: given(slopes, index),
          slots: rule.slots.map((_, slot) => given(ofKind(current, slot + 1), index)),
          stepSize: factor ? mul(body, stepSize, factor) : stepSize,
        });
      });
      return {
        states: [
          ...updated.map(({ parameter }) => parameter),
          ...rule.slots.flatMap((_, slot) => updated.map(({ slots }) => given(slots, slot))),
          ...buffers.map(({ name }, index) => nextBuffers.get(name) ?? given(currentBuffers, index)),
        ],
        scans: [loss],
      };
    },
  );
  kinds.forEach((kind, number) => {
    storage.unpack(builder, ofKind(last, number)).forEach((value, index) => {
      builder.output(value, `next/${kind}/${given(parameters, index).name}`);
    });
  });
  buffers.forEach(({ name }, index) => {
    builder.output(given(last, buffersFrom + index), `next/buffer/${name}`);
  });
  for (const losses of scans) builder.output(losses, 'losses');
  return builder.build();
}

function storageOf(
  builder: GraphBuilder,
  parameters: readonly Parameter[],
  form: TrainingForm,
  dtype: DType,
  byRows: number | undefined,
): Storage {
  if (form !== 'survivors') {
    return wholeStorage(
      parameters.map(({ name, shape, prunable }) =>
        prunable && form === 'masked' ? builder.input(`mask/${name}`, dtype, shape) : undefined,
      ),
    );
  }
  const parts = parameters.map(({ name, shape, prunable }) => ({
    shape,
    kept: prunable
      ? {
          survivors: builder.input(`survivors/${name}`, 'int32', [`survivors of ${name}`]),
          places: builder.input(`places/${name}`, 'int32', [sizeOf(shape)]),
        }
      : undefined,
  }));
  return survivorStorage(builder, parts, byRows);
}

function given<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`the training graph has no value number ${index}`);
  return item;
}
