import type { DType, Graph, Value } from '@winning-tickets/onnx';
import { gather, GraphBuilder, gradients, loop, mul, reduceMean } from '@winning-tickets/onnx';
import { forward } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { crossEntropy } from '../../losses/cross-entropy.js';
import { updateRule } from '../../optimizers/rules.js';
import { batchOf, dataInputs } from './input.js';

/**
 * Many training steps as one graph: a `Loop` whose body is one step (batch, forward, backward, masked update).
 *
 * Inputs: `data.*`, `indices` `[steps, batch]` int32, `stepSizes` `[steps]`, `trips` int64, and per
 * parameter `parameter/<p>`, `<slot>/<p>` and, where prunable, `mask/<p>` (0 or 1).
 * Outputs: `next/parameter/<p>`, `next/<slot>/<p>` and `losses` `[steps]`.
 *
 * The mask multiplies the gradient only: a pruned weight starts at zero and, with a zero gradient and zero slots,
 * stays there, so the forward pass needs no masking.
 *
 * @param dtype of parameters, slots, masks, step sizes and losses; double precision is for checking the graph.
 */
export function trainingGraph(
  job: Omit<TrainingJob, 'validation' | 'test' | 'threads'>,
  dtype: DType = 'float32',
): Graph {
  const builder = new GraphBuilder('training');
  const rule = updateRule(job.optimizer);
  const { parameters } = job.network;
  const data = dataInputs(builder, job.train);
  const allIndices = builder.input('indices', 'int32', ['steps', job.batchSize]);
  const stepSizes = builder.input('stepSizes', dtype, ['steps']);
  const trips = builder.input('trips', 'int64', []);
  const masks = new Map(
    parameters
      .filter((parameter) => parameter.prunable)
      .map(({ name, shape }) => [name, builder.input(`mask/${name}`, dtype, shape)]),
  );
  // States in order: all parameters, then each slot for all parameters.
  const kinds = ['parameter', ...rule.slots];
  const names = kinds.flatMap((kind) => parameters.map(({ name }) => `${kind}/${name}`));
  const initial = kinds.flatMap((kind) =>
    parameters.map(({ name, shape }) => builder.input(`${kind}/${name}`, dtype, shape)),
  );

  const { states, scans } = loop(builder, trips, initial, (body, step, current) => {
    const stateOf = (kind: number, parameter: number): Value => {
      const value = current[kind * parameters.length + parameter];
      if (!value) throw new Error(`the loop has no state ${kind}/${parameter}`);
      return value;
    };
    const weights = parameters.map((_, index) => stateOf(0, index));
    const batch = batchOf(body, data, gather(body, allIndices, step), job.inputScale, dtype);
    const named = Object.fromEntries(
      parameters.map(({ name }, index) => [name, weights[index] ?? stateOf(0, index)]),
    );
    const logits = forward(body, job.network, batch.input, named);
    const loss = reduceMean(body, crossEntropy(body, logits, batch.labels));
    const slopes = gradients(body, loss, weights);
    const stepSize = gather(body, stepSizes, step);
    const updated = parameters.map(({ name }, index) => {
      const slope = slopes[index];
      if (!slope) throw new Error(`parameter '${name}' has no gradient`);
      const mask = masks.get(name);
      return rule.update({
        builder: body,
        parameter: stateOf(0, index),
        gradient: mask ? mul(body, slope, mask) : slope,
        slots: rule.slots.map((_, slot) => stateOf(slot + 1, index)),
        stepSize,
      });
    });
    return {
      states: [
        ...updated.map(({ parameter }) => parameter),
        ...rule.slots.flatMap((_, slot) => updated.flatMap(({ slots }) => slots[slot] ?? [])),
      ],
      scans: [loss],
    };
  });
  states.forEach((state, index) => builder.output(state, `next/${names[index] ?? index}`));
  for (const losses of scans) builder.output(losses, 'losses');
  return builder.build();
}
