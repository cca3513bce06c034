import { add, constantLike, gradients, mul, reduceSum } from '@winning-tickets/onnx';
import type { InitialCriterion } from './criterion.js';
import { saliencies, trainingLoss } from './saliency.js';

/** What logits are divided by, as in the code of the paper's authors. */
const TEMPERATURE = 200;

/**
 * How much weaker the flow of gradients gets without a weight, `w · (Hg)`, with g the gradient of the loss and H its Hessian,
 * both by the weights alone (Wang et al. 2020, "Picking Winning Tickets Before Training by Preserving Gradient Flow"). The
 * paper's score is the negative, `-w · (Hg)`, of which it removes the largest. `Hg` is the gradient of `½ g·g`.
 */
export const grasp: InitialCriterion = {
  name: 'grasp',
  summary: 'the initial weights survive without which gradients would flow least',
  at: 'initialization',
  items: 'weights',
  rounds: 1,
  scores: (scored) => {
    const { builder, weights } = scored;
    const flow = gradients(builder, trainingLoss(scored, TEMPERATURE), Object.values(weights))
      .map((gradient) => reduceSum(builder, mul(builder, gradient, gradient)))
      .reduce((sum, part) => add(builder, sum, part));
    return saliencies(scored, mul(builder, flow, constantLike(builder, flow, 0.5)));
  },
};
