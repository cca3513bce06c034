import { add, gather as pick, matMul, reshape, tensor, transpose } from '@winning-tickets/onnx';
import { constantFanInNetwork } from './constant-fan-in.js';
import type { Encoding } from './encoding.js';

/**
 * A list of inputs per unit (constant fan-in), picked out of the transposed samples: each pick copies the whole batch of
 * an input, which lies together, and a unit is one product of a row of weights with what was picked,
 * `[units, 1, width] · [units, width, batch]`. The more samples, the longer what is copied at once. Between two such layers
 * the runtime cancels the transpositions.
 */
export const gatherTransposed: Encoding = {
  name: 'gather-transposed',
  summary: 'a list of inputs per unit, picked for the whole batch at once; pays where few weights are left',
  options: {},
  tolerance: 1e-4,
  build: (ticket) =>
    constantFanInNetwork(ticket, (builder, x, { fanIn, bias, name }) => {
      const { shape, data } = fanIn.weights;
      const [units = 0, width = 0] = shape;
      const inputs = builder.initializer(`${name}.inputs`, fanIn.inputs);
      const weights = builder.initializer(`${name}.weight`, tensor('float32', [units, 1, width], data));
      const picked = pick(builder, transpose(builder, x, [1, 0]), inputs, 0);
      const sums = reshape(builder, matMul(builder, weights, picked), [units, 'batch']);
      const biases = builder.initializer(`${name}.bias`, tensor('float32', [units, 1], bias.data));
      return transpose(builder, add(builder, sums, biases), [1, 0]);
    }),
};
