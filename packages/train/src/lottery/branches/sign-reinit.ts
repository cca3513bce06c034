import type { Tensor } from '@winning-tickets/onnx';
import { initializeParameters } from '../../initialize.js';
import type { Branch } from './branch.js';

/** The mask of the iterative ticket of the same level, with weights drawn anew but for their signs, others at every level. */
export const signReinit: Branch = {
  name: 'sign-reinit',
  summary:
    'The mask of the ticket, weights drawn anew with the signs of its initial weights: do the signs alone matter?',
  source: 'Zhou et al. 2019, section 4, "reinit" with the signs kept',
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ network, level, seed, ticketOf }) => {
    const { masks, initial } = await ticketOf('iterative', level);
    const drawn = initializeParameters(network, seed, 'sign-reinit', level);
    const signed = Object.entries(drawn).map(([name, values]) => [name, withSigns(values, initial[name])]);
    return { masks, initial: Object.fromEntries(signed) as typeof drawn };
  },
};

/** The magnitudes of some values with the signs of others; zeros count as positive. */
function withSigns(values: Tensor, signs: Tensor | undefined): Tensor<'float32'> {
  const of = (signs?.data ?? []) as Float32Array;
  const data = (values.data as Float32Array).map((value, index) =>
    (of[index] ?? 0) < 0 ? -Math.abs(value) : Math.abs(value),
  );
  return { dtype: 'float32', shape: values.shape, data };
}
