import { mul, neg } from '@winning-tickets/onnx';
import type { UpdateRule } from './rule.js';

/** Plain stochastic gradient descent: `w -= rate · g`. */
export function sgd(): UpdateRule {
  return {
    slots: [],
    stepSize: (rate) => rate,
    update: ({ builder, parameter, gradient, stepSize }) => ({
      parameter: gradient.addedTo(builder, parameter, (g) => mul(builder, g, neg(builder, stepSize))),
      slots: [],
    }),
  };
}
