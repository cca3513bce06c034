import type { Tensor, Tensors } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';
import type { Branch } from './branch.js';

/**
 * The iterative ticket of the same level, with every weight of a layer set to the standard deviation that its initial weights
 * were drawn with, its sign kept. Parameters that are not drawn (biases) stay as they were.
 */
export const constantMagnitude: Branch = {
  name: 'constant-magnitude',
  summary:
    'The ticket with one magnitude in each layer, the standard deviation of its initialisation, and the signs of its initial weights.',
  source: 'Zhou et al. 2019, section 4, "constant" with the signs kept',
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ network, level, ticketOf }) => {
    const { masks, initial } = await ticketOf('iterative', level);
    const constant = network.parameters
      .filter((parameter) => parameter.initial === 'glorot-normal')
      .map((parameter) => [parameter.name, ofOneMagnitude(parameter, initial)] as const);
    return { masks, initial: { ...initial, ...Object.fromEntries(constant) } };
  },
};

function ofOneMagnitude({ name, shape, fanIn, fanOut }: Parameter, initial: Tensors): Tensor<'float32'> {
  const deviation = Math.sqrt(2 / (fanIn + fanOut));
  const values = initial[name]?.data as Float32Array;
  return { dtype: 'float32', shape, data: values.map((value) => (value < 0 ? -deviation : deviation)) };
}
