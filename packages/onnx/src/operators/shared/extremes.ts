import type { Value } from '../../graph.js';
import { add } from '../add.js';
import { cast } from '../cast.js';
import { div } from '../div.js';
import { equal } from '../equal.js';
import { mul } from '../mul.js';
import type { GradientContext } from '../operator.js';
import { sumTo } from './broadcasting.js';
import { withReducedAxes } from './reduction.js';

/**
 * Gradient rules of maxima and minima. Elements that tie share the gradient, as in PyTorch, which keeps the rules
 * symmetric and differentiable again.
 */

/** The gradient of an elementwise maximum or minimum of several values. */
export function extremeGradient({
  builder,
  inputs,
  outputs: [y],
  gradients: [g],
  wanted,
}: GradientContext): (Value | undefined)[] {
  if (!g || !y) return [undefined];
  const ties = inputs.flatMap((x) => (x ? [cast(builder, equal(builder, x, y), y.dtype)] : []));
  const share = div(
    builder,
    g,
    ties.reduce((count, tie) => add(builder, count, tie)),
  );
  return inputs.map((x, index) => {
    const tie = ties[index];
    return x && tie && wanted[index] ? sumTo(builder, mul(builder, tie, share), x.shape) : undefined;
  });
}

/** The gradient of a reduction to the maximum or minimum. */
export function reducedExtremeGradient({
  builder,
  node,
  inputs: [x],
  outputs: [y],
  gradients: [g],
}: GradientContext): (Value | undefined)[] {
  if (!g || !x || !y) return [undefined];
  const extreme = withReducedAxes(builder, node, y, x);
  const ties = cast(builder, equal(builder, x, extreme), x.dtype);
  const count = sumTo(builder, ties, extreme.shape);
  return [mul(builder, ties, div(builder, withReducedAxes(builder, node, g, x), count))];
}
