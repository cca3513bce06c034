import { abs } from '@winning-tickets/onnx';
import type { InitialCriterion } from './criterion.js';
import { saliencies, trainingLoss } from './saliency.js';

/**
 * How much the loss depends on whether a weight is there, `|w · ∂L/∂w|` (Lee et al. 2019, "SNIP: Single-shot Network Pruning
 * based on Connection Sensitivity", equation 5 without its norm, which changes no order).
 */
export const snip: InitialCriterion = {
  name: 'snip',
  summary: 'the initial weights survive on which the loss of some training samples depends most',
  at: 'initialization',
  items: 'weights',
  rounds: 1,
  scores: (scored) => saliencies(scored, trainingLoss(scored), (builder, saliency) => abs(builder, saliency)),
};
