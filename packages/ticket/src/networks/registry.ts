import { suggestion } from '../nearest.js';
import type { NetworkSpec } from '../network.js';
import { convN } from './conv-n.js';
import { lenet300100 } from './lenet-300-100.js';
import { lenet5 } from './lenet-5.js';
import { resnet8 } from './resnet-8.js';
import { reutersCnn } from './reuters-cnn.js';
import { reutersFfnn } from './reuters-ffnn.js';
import { textCnn } from './text-cnn.js';

/** @param vocabulary how many different indices samples may have; undefined for data that are no indices. */
export type NamedNetwork = (
  input: readonly number[],
  classes: number,
  vocabulary: number | undefined,
) => NetworkSpec;

/** Networks that have a name. A new one is a file of its own and a line here. */
const networks = new Map<string, NamedNetwork>([
  ['lenet-300-100', lenet300100],
  ['lenet-5', lenet5],
  ['conv-2', convN(1)],
  ['conv-4', convN(2)],
  ['conv-6', convN(3)],
  ['resnet-8', resnet8],
  ['reuters-ffnn', reutersFfnn],
  ['reuters-cnn', overWords('reuters-cnn', reutersCnn)],
  ['text-cnn', overWords('text-cnn', textCnn)],
]);

/**
 * Makes a network of one's own known, under a name that no other has; again is no harm.
 *
 * @throws Error when another network has the name.
 */
export function registerNetwork(name: string, network: NamedNetwork): void {
  const known = networks.get(name);
  if (known && known !== network) throw new Error(`there is a network '${name}' already`);
  networks.set(name, network);
}

/** The names that `namedNetwork` knows. */
export function networkNames(): string[] {
  return [...networks.keys()];
}

/**
 * The specification of a well-known network.
 *
 * @param input shape of one sample, without the batch dimension.
 * @param vocabulary how many different indices samples may have; left out for data that are no indices.
 * @throws Error for an unknown name, naming the nearest known one, and for a network over words without a vocabulary.
 */
export function namedNetwork(
  name: string,
  input: readonly number[],
  classes: number,
  vocabulary?: number,
): NetworkSpec {
  const network = networks.get(name);
  if (!network) throw new Error(`unknown network '${name}'${suggestion(name, networkNames())}`);
  return network(input, classes, vocabulary);
}

function overWords(
  name: string,
  network: (input: readonly number[], classes: number, vocabulary: number) => NetworkSpec,
): NamedNetwork {
  return (input, classes, vocabulary) => {
    if (vocabulary === undefined) {
      throw new Error(`network '${name}' takes sequences of words, found data without a vocabulary`);
    }
    return network(input, classes, vocabulary);
  };
}
