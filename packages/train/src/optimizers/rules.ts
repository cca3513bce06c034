import { adam } from './adam.js';
import { momentum } from './momentum.js';
import type { OptimizerSpec } from './optimizer.js';
import type { UpdateRule } from './rule.js';
import { sgd } from './sgd.js';

/** The update rule of an optimizer specification. */
export function updateRule(spec: OptimizerSpec): UpdateRule {
  switch (spec.kind) {
    case 'sgd':
      return sgd();
    case 'momentum':
      return momentum(spec);
    case 'adam':
      return adam(spec);
  }
}
