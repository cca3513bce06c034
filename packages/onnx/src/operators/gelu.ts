import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { add } from './add.js';
import { div } from './div.js';
import { erf } from './erf.js';
import { mul } from './mul.js';
import { constantLike } from './shared/constant-like.js';

/**
 * Elementwise Gaussian error linear unit, `x/2 · (1 + erf(x/√2))`
 * ([Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415)), exact rather than by tanh.
 *
 * The operator Gelu came with operator set 20, so this is a composition, and its gradient is that of its parts. They
 * stand in the order in which ONNX Runtime recognises them and puts its own kernel in their place.
 */
export function gelu(builder: GraphBuilder, x: Value): Value {
  const constant = (number: number) => constantLike(builder, x, number);
  const share = add(builder, erf(builder, div(builder, x, constant(Math.SQRT2))), constant(1));
  return mul(builder, mul(builder, x, share), constant(0.5));
}
