import { sizeOf } from '@winning-tickets/onnx';
import { shapeOf, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const size: TfjsOperator = {
  op: 'Size',
  run: (call) => whole([sizeOf(shapeOf(input(call, 0)))], []),
};
