import type { GraphBuilder } from '../../builder.js';
import type { Value } from '../../graph.js';
import { cast } from '../cast.js';
import { div } from '../div.js';
import { size } from '../size.js';
import { constantLike } from './constant-like.js';

/** How many elements of `x` each element of its reduction `y` stands for, as a float scalar. */
export function elementsPerOutput(builder: GraphBuilder, x: Value, y: Value): Value {
  const known = (value: Value) =>
    value.shape.reduce<number>((product, n) => (typeof n === 'number' ? product * n : NaN), 1);
  const count = known(x) / known(y);
  if (Number.isFinite(count)) return constantLike(builder, x, count);
  // In floats: an integer division by zero, of an empty batch, would end the process.
  const counted = (value: Value) => cast(builder, size(builder, value), x.dtype);
  return div(builder, counted(x), counted(y));
}
