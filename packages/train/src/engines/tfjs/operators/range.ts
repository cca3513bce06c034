import { numbers, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const range: TfjsOperator = {
  op: 'Range',
  run: (call) => {
    const [start = 0, limit = 0, step = 1] = [0, 1, 2].flatMap((index) => numbers(input(call, index)));
    const length = Math.max(0, Math.ceil((limit - start) / step));
    return whole(
      Array.from({ length }, (_, index) => start + index * step),
      [length],
    );
  },
};
