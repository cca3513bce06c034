import { sizeOf } from '@winning-tickets/onnx';
import type { Network, Parameter } from '@winning-tickets/ticket';
import type { PrunedItems } from './criteria/criterion.js';

/** How a parameter's weights fall into what survives or goes as one. */
export interface Items {
  readonly count: number;
  /** Weights of each. */
  readonly weights: number;
  /** Which one a weight belongs to, by its index, row-major. */
  readonly of: (index: number) => number;
}

/**
 * The items of a parameter: each weight, or, of a dense layer `[inputs, units]` its columns or rows, of a convolution
 * `[filters, channels, ...window]` its filters or channels. Undefined where a layer has no such items.
 */
export function itemsOf(
  { kind, shape }: Pick<Parameter, 'kind' | 'shape'>,
  items: PrunedItems,
): Items | undefined {
  const size = sizeOf(shape);
  if (items === 'weights') return { count: size, weights: 1, of: (index) => index };
  const [first = 1, second = 1] = shape;
  const window = size / (first * second);
  const ofFirst: Items = {
    count: first,
    weights: size / first,
    of: (index) => Math.floor(index / (size / first)),
  };
  const ofSecond: Items = {
    count: second,
    weights: size / second,
    of: (index) => Math.floor(index / window) % second,
  };
  if (kind === 'dense') return items === 'units' ? ofSecond : ofFirst;
  if (kind === 'conv1d' || kind === 'conv2d') return items === 'units' ? ofFirst : ofSecond;
  return undefined;
}

/**
 * Whether a criterion prunes a parameter at all: whole units never of the output layer, whose units are the classes, and
 * inputs of the first layer alone.
 */
export function prunesParameter({ parameters }: Network, { name }: Parameter, items: PrunedItems): boolean {
  if (items === 'weights') return true;
  const prunable = parameters.filter((parameter) => parameter.prunable);
  return items === 'units' ? name !== prunable.at(-1)?.name : name === prunable[0]?.name;
}
