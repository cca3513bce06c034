import { add, constantLike, div, mul, sqrt, sub } from '@winning-tickets/onnx';
import type { UpdateRule } from './rule.js';

/**
 * Adam (Kingma & Ba 2015) in TensorFlow's form:
 *
 *     m = beta1 · m + (1 - beta1) · g          v = beta2 · v + (1 - beta2) · g²
 *     w -= rate · sqrt(1 - beta2^t) / (1 - beta1^t) · m / (sqrt(v) + epsilon)
 *
 * The slots hold the plain sums M = m / (1 - beta1) and V = v / (1 - beta2), which spares two of thirteen passes
 * over the weights: M = beta1 · M + g, V = beta2 · V + g². The constant factors move into the step size and
 * epsilon, so the update is the same.
 */
export function adam(spec: {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}): UpdateRule {
  const { beta1, beta2, epsilon } = spec;
  const rootOfShare = Math.sqrt(1 - beta2);
  return {
    slots: ['m', 'v'],
    stepSize: (rate, step) =>
      (rate * Math.sqrt(1 - beta2 ** step) * (1 - beta1)) / ((1 - beta1 ** step) * rootOfShare),
    update: ({ builder, parameter, gradient, slots: [m, v], stepSize }) => {
      if (!m || !v) throw new Error('Adam needs its slots m and v');
      const nextM = gradient.addedTo(builder, mul(builder, m, constantLike(builder, m, beta1)));
      const nextV = gradient.addedTo(builder, mul(builder, v, constantLike(builder, v, beta2)), (g) =>
        mul(builder, g, g),
      );
      const denominator = add(builder, sqrt(builder, nextV), constantLike(builder, v, epsilon / rootOfShare));
      const change = mul(builder, div(builder, nextM, denominator), stepSize);
      return { parameter: sub(builder, parameter, change), slots: [nextM, nextV] };
    },
  };
}
