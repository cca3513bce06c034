import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { constantLike, div, gradients, mul, reduceMean } from '@winning-tickets/onnx';
import { forward } from '@winning-tickets/ticket';
import { sampleLosses } from '../../losses/sample-losses.js';
import type { ScoredNetwork } from './criterion.js';

/**
 * The synaptic saliency of every weight (Tanaka et al. 2020, equation 1): the weight times the derivative of a number by it.
 *
 * @param output a scalar that depends on the weights.
 * @param finish what becomes of each saliency; nothing when left out.
 */
export function saliencies(
  { builder, weights }: ScoredNetwork,
  output: Value,
  finish: (builder: GraphBuilder, saliency: Value) => Value = (_, saliency) => saliency,
): Record<string, Value> {
  const slopes = gradients(builder, output, Object.values(weights));
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, weight], index) => {
      const slope = slopes[index];
      return slope ? [[name, finish(builder, mul(builder, weight, slope))]] : [];
    }),
  );
}

/**
 * The mean loss over the scoring samples in nats, passed as in a step of training: batches are normalised by their own
 * statistics, and dropout draws.
 *
 * @param temperature what the logits are divided by.
 */
export function trainingLoss(
  { builder, network, values, samples, seed }: ScoredNetwork,
  temperature = 1,
): Value {
  const { input, labels } = samples();
  const training = { seed: network.random ? seed() : undefined, nextBuffers: new Map<string, Value>() };
  const logits = forward(builder, network, builder.constant(input), values, training);
  const cooled =
    temperature === 1 ? logits : div(builder, logits, constantLike(builder, logits, temperature));
  return reduceMean(builder, sampleLosses(builder, cooled, builder.constant(labels)));
}
