import type { DType, Graph } from '@winning-tickets/onnx';
import { gather, GraphBuilder, gradients, loop, reduceMean, sizeOf } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';
import { forward } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { crossEntropy } from '../../losses/cross-entropy.js';
import { updateRule } from '../../optimizers/rules.js';
import { batchOf, dataInputs } from './input.js';
import type { Storage } from './storage.js';
import { survivorStorage, wholeStorage } from './storage.js';

/** `masked`: the optimizer passes over all weights. `survivors`: over the surviving ones alone. */
export type TrainingForm = 'masked' | 'survivors';

/**
 * Many training steps as one graph: a `Loop` whose body is one step (batch, forward, backward, masked update).
 *
 * Inputs: `data.*`, `indices` `[steps, batch]` int32, `stepSizes` `[steps]`, `trips` int64, and per
 * parameter `parameter/<p>` and `<slot>/<p>`. Prunable parameters also have, in the form `masked`, `mask/<p>` (0 or 1)
 * in their shape; in the form `survivors`, `survivors/<p>` and `places/<p>`, see `survivorStorage`.
 * Outputs: `next/parameter/<p>`, `next/<slot>/<p>` and `losses` `[steps]`.
 *
 * The mask multiplies the gradient only: a pruned weight starts at zero and, with a zero gradient and zero slots,
 * stays there, so the forward pass needs no masking.
 *
 * @param dtype of parameters, slots, masks, step sizes and losses; double precision is for checking the graph.
 * @param form how masked parameters are kept; both give the same numbers.
 */
export function trainingGraph(
  job: Omit<TrainingJob, 'validation' | 'test' | 'threads'>,
  dtype: DType = 'float32',
  form: TrainingForm = 'masked',
): Graph {
  const builder = new GraphBuilder('training');
  const rule = updateRule(job.optimizer);
  const { parameters } = job.network;
  const data = dataInputs(builder, job.train);
  const allIndices = builder.input('indices', 'int32', ['steps', job.batchSize]);
  const stepSizes = builder.input('stepSizes', dtype, ['steps']);
  const trips = builder.input('trips', 'int64', []);
  const storages = parameters.map((parameter) => storageOf(builder, parameter, form, dtype));
  // States in order: all parameters, then each slot for all parameters.
  const kinds = ['parameter', ...rule.slots];
  const states = kinds.flatMap((kind) =>
    parameters.map((parameter, index) => ({ kind, parameter, storage: given(storages, index) })),
  );
  const initial = states.map(({ kind, parameter: { name, shape }, storage }) =>
    storage.pack(builder, builder.input(`${kind}/${name}`, dtype, shape)),
  );

  const { states: last, scans } = loop(builder, trips, initial, (body, step, current) => {
    const stateOf = (kind: number, parameter: number) => given(current, kind * parameters.length + parameter);
    const weights = storages.map((storage, index) => storage.unpack(body, stateOf(0, index)));
    const batch = batchOf(body, data, gather(body, allIndices, step), job.inputScale, dtype);
    const named = Object.fromEntries(parameters.map(({ name }, index) => [name, given(weights, index)]));
    const logits = forward(body, job.network, batch.input, named);
    const loss = reduceMean(body, crossEntropy(body, logits, batch.labels));
    const slopes = gradients(body, loss, weights);
    const stepSize = gather(body, stepSizes, step);
    const updated = storages.map((storage, index) =>
      rule.update({
        builder: body,
        parameter: stateOf(0, index),
        gradient: storage.packGradient(body, given(slopes, index)),
        slots: rule.slots.map((_, slot) => stateOf(slot + 1, index)),
        stepSize,
      }),
    );
    return {
      states: [
        ...updated.map(({ parameter }) => parameter),
        ...rule.slots.flatMap((_, slot) => updated.map(({ slots }) => given(slots, slot))),
      ],
      scans: [loss],
    };
  });
  states.forEach(({ kind, parameter, storage }, index) => {
    builder.output(storage.unpack(builder, given(last, index)), `next/${kind}/${parameter.name}`);
  });
  for (const losses of scans) builder.output(losses, 'losses');
  return builder.build();
}

function storageOf(builder: GraphBuilder, parameter: Parameter, form: TrainingForm, dtype: DType): Storage {
  const { name, shape, prunable } = parameter;
  if (!prunable) return wholeStorage(undefined);
  if (form === 'masked') return wholeStorage(builder.input(`mask/${name}`, dtype, shape));
  const survivors = builder.input(`survivors/${name}`, 'int32', [`survivors of ${name}`]);
  return survivorStorage(parameter, survivors, builder.input(`places/${name}`, 'int32', [sizeOf(shape)]));
}

function given<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`the training graph has no value number ${index}`);
  return item;
}
