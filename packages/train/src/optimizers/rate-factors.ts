import type { Network, Parameter } from '@winning-tickets/ticket';
import type { OptimizerSpec } from './optimizer.js';

/**
 * What the learning rate of a parameter is multiplied by: the factor of its layer in `rateFactors`, 1 without one. Weight decay
 * goes through the gradient, so a layer's decay is multiplied, too.
 */
export function rateFactorOf({ rateFactors }: OptimizerSpec, { layer }: Pick<Parameter, 'layer'>): number {
  // A layer may be called as what every object has.
  return new Map(Object.entries(rateFactors ?? {})).get(layer) ?? 1;
}

/**
 * Checks that all layers in `rateFactors` are layers of the network that have something to train.
 *
 * @param source where the optimizer was read, as errors name it
 * @throws Error with one sentence that lists the layers
 */
export function checkRateFactors(
  { rateFactors = {} }: OptimizerSpec,
  network: Network,
  source: string,
): void {
  const layers = [...new Set(network.parameters.map(({ layer }) => layer))];
  const unknown = Object.keys(rateFactors).find((layer) => !layers.includes(layer));
  if (unknown !== undefined) {
    throw new Error(
      `${source}: optimizer.rateFactors names '${unknown}', which is no layer of ${network.spec.name} that trains: ` +
        `choose among ${layers.join(', ')}`,
    );
  }
}
