import { add, gather as pick, mul, reduceSum } from '@winning-tickets/onnx';
import { constantFanInNetwork } from './constant-fan-in.js';
import type { Encoding } from './encoding.js';

/**
 * A list of inputs per unit (constant fan-in): they are picked out of each sample, multiplied by their weights, and added
 * up. `[batch, inputs]` becomes `[batch, units, width]` in between, element by element: what is saved in products is paid
 * in copies, so that it gains at batch 1 and a few per cent of the weights, and loses elsewhere.
 */
export const gather: Encoding = {
  name: 'gather',
  summary: 'a list of inputs per unit, picked sample by sample; pays at batch 1 where few weights are left',
  options: {},
  tolerance: 1e-4,
  build: (ticket) =>
    constantFanInNetwork(ticket, (builder, x, { fanIn, bias, name }) => {
      const inputs = builder.initializer(`${name}.inputs`, fanIn.inputs);
      const weights = builder.initializer(`${name}.weight`, fanIn.weights);
      const sums = reduceSum(builder, mul(builder, pick(builder, x, inputs, 1), weights), [2]);
      return add(builder, sums, builder.initializer(`${name}.bias`, bias));
    }),
};
