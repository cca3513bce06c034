import { shapeOf, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const shape: TfjsOperator = {
  op: 'Shape',
  run: (call) => {
    const sizes = shapeOf(input(call, 0));
    return whole(sizes, [sizes.length]);
  },
};
