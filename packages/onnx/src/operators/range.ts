import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { int64 } from '../tensor.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/**
 * The integers 0, 1, 2, … below a limit, as an int64 vector.
 *
 * @param limit int64 scalar that is computed at run time, for instance a size picked from `shape`.
 * @param size the size it stands for; recorded on the output because the limit is not readable here.
 */
export function range(builder: GraphBuilder, limit: Value, size: Dimension): Value {
  const [start, step] = [0, 1].map((number) => builder.constant(int64([number], [])));
  return only(builder.add('Range', [start, limit, step], {}, [], [{ dtype: 'int64', shape: [size] }]));
}

export const rangeOperator: Operator = {
  op: 'Range',
  dtypes: ['int64'],
  providers: ['cpu', 'cuda'],
  infer: () => {
    throw new Error('Range: the size is computed at run time and must be stated');
  },
  gradient: 'none',
};
