import { constantLike, mul } from '@winning-tickets/onnx';
import { wholeGradient } from './gradient.js';
import type { UpdateRule } from './rule.js';

/**
 * A rule with weight decay: `decay · w` is added to the gradient before the rule sees it, which is the gradient of
 * `decay / 2 · w²` in the loss (L2 regularisation, as `weight_decay` of SGD and Adam in PyTorch; not decoupled as in
 * AdamW). Biases decay, too. Pruned weights are zero and stay so.
 */
export function withWeightDecay(rule: UpdateRule, decay: number): UpdateRule {
  return {
    ...rule,
    update: (context) => {
      const { builder, parameter, gradient } = context;
      const decayed = mul(builder, parameter, constantLike(builder, parameter, decay));
      return rule.update({ ...context, gradient: wholeGradient(gradient.addedTo(builder, decayed)) });
    },
  };
}
