import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const identity: TfjsOperator = { op: 'Identity', run: (call) => input(call, 0) };
