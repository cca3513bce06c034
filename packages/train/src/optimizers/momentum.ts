import { constantLike, mul, sub } from '@winning-tickets/onnx';
import type { UpdateRule } from './rule.js';

/** Gradient descent with (heavy-ball) momentum as in PyTorch: `v = momentum · v + g`, `w -= rate · v`. */
export function momentum(spec: { readonly momentum: number }): UpdateRule {
  return {
    slots: ['velocity'],
    stepSize: (rate) => rate,
    update: ({ builder, parameter, gradient, slots: [velocity], stepSize }) => {
      if (!velocity) throw new Error('momentum needs its velocity slot');
      const decayed = mul(builder, velocity, constantLike(builder, velocity, spec.momentum));
      const next = gradient.addedTo(builder, decayed);
      return { parameter: sub(builder, parameter, mul(builder, next, stepSize)), slots: [next] };
    },
  };
}
