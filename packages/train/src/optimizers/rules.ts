import { adam } from './adam.js';
import { momentum } from './momentum.js';
import type { OptimizerSpec } from './optimizer.js';
import type { UpdateRule } from './rule.js';
import { sgd } from './sgd.js';
import { withWeightDecay } from './weight-decay.js';

/** The update rule of an optimizer specification. */
export function updateRule(spec: OptimizerSpec): UpdateRule {
  const rule = ruleOfKind(spec);
  return spec.weightDecay === undefined ? rule : withWeightDecay(rule, spec.weightDecay);
}

function ruleOfKind(spec: OptimizerSpec): UpdateRule {
  switch (spec.kind) {
    case 'sgd':
      return sgd();
    case 'momentum':
      return momentum(spec);
    case 'adam':
      return adam(spec);
  }
}

/**
 * The tensors an optimizer keeps per parameter, each in the parameter's shape, float32, zero at first. They are
 * named `<slot>/<parameter>`: Adam's `m/fc1.weight` belongs to fc1's weights.
 */
export function slotNames(spec: OptimizerSpec): readonly string[] {
  return updateRule(spec).slots;
}
