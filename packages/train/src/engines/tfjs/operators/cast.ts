import { dtypeOf, intAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { deviceDType } from '../device-dtype.js';
import { isWhole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { eachElement } from './shared/elementwise.js';

export const cast: TfjsOperator = {
  op: 'Cast',
  run: (call) => {
    const x = input(call, 0);
    const code = intAttribute(call.attributes, 'to', 0);
    const to = dtypeOf(code);
    if (!to) throw new Error(`data type ${code} is not supported`);
    if (to === 'int64' && isWhole(x)) return x;
    return eachElement(x, (value) => tf.cast(value, deviceDType(to)));
  },
};
