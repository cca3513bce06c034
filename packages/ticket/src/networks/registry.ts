import { suggestion } from '../nearest.js';
import type { NetworkSpec } from '../network.js';
import { lenet300100 } from './lenet-300-100.js';

/** Networks that have a name. A new one is a file of its own and a line here. */
const networks = new Map<string, (input: readonly number[], classes: number) => NetworkSpec>([
  ['lenet-300-100', lenet300100],
]);

/** The names that `namedNetwork` knows. */
export function networkNames(): string[] {
  return [...networks.keys()];
}

/**
 * The specification of a well-known network.
 *
 * @param input shape of one sample, without the batch dimension.
 * @throws Error for an unknown name, naming the nearest known one.
 */
export function namedNetwork(name: string, input: readonly number[], classes: number): NetworkSpec {
  const network = networks.get(name);
  if (!network) throw new Error(`unknown network '${name}'${suggestion(name, networkNames())}`);
  return network(input, classes);
}
