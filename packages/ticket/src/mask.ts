import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { isDType, shapeText, tensor, zeros } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { Network } from './network.js';

/** Which entries of a parameter survive: 1 kept, 0 pruned, in the parameter's shape. */
export type Mask = Tensor<'uint8'>;

/** Masks by parameter name. */
export type Masks = Readonly<Record<string, Mask>>;

/** A mask that keeps everything. */
export function fullMask(shape: readonly number[]): Mask {
  const mask = zeros('uint8', shape);
  mask.data.fill(1);
  return mask;
}

/** Masks that keep every weight of a network that may be pruned. */
export function fullMasks({ parameters }: Pick<Network, 'parameters'>): Masks {
  const prunable = parameters.filter((parameter) => parameter.prunable);
  return Object.fromEntries(prunable.map(({ name, shape }) => [name, fullMask(shape)]));
}

/** How many entries a mask keeps, exactly. */
export function survivors(mask: Mask): number {
  let count = 0;
  for (const bit of mask.data) count += bit;
  return count;
}

/** Share of entries that survive over all masks together, 0 to 1; 1 where there is nothing to prune. */
export function density(masks: Masks): number {
  const all = Object.values(masks);
  const total = all.reduce((sum, mask) => sum + mask.data.length, 0);
  const kept = all.reduce((sum, mask) => sum + survivors(mask), 0);
  return total === 0 ? 1 : kept / total;
}

/** Density of each mask by itself, 0 to 1. */
export function layerDensities(masks: Masks): Record<string, number> {
  return mapMasks(masks, (mask, name) => density({ [name]: mask }));
}

/**
 * A copy of a tensor with zeros where the mask prunes. Exactly +0, whatever was there (NaN too).
 *
 * @param name the parameter's name, for the message.
 * @throws Error when the shapes differ.
 */
export function applyMask(values: Tensor<'float32'>, mask: Mask, name = 'tensor'): Tensor<'float32'> {
  requireSameShape(values, mask, name);
  const masked = values.data.map((value, index) => (mask.data[index] === 1 ? value : 0));
  return tensor('float32', values.shape, masked);
}

/**
 * Parameters with zeros where their masks prune; parameters without a mask as they are (not copied).
 *
 * @throws Error when a mask belongs to no parameter or its shape differs, naming the parameter.
 */
export function applyMasks(parameters: Tensors, masks: Masks): Tensors {
  const masked = Object.entries(masks).map(([name, mask]) => {
    const values = given(parameters, name);
    if (!isDType(values, 'float32')) {
      throw new Error(`parameter '${name}' must be float32 to be masked, found ${values.dtype}`);
    }
    return [name, applyMask(values, mask, name)] as const;
  });
  return { ...parameters, ...Object.fromEntries(masked) };
}

/** What both keep. @throws Error when they do not mask the same parameters in the same shapes. */
export function intersection(a: Masks, b: Masks): Masks {
  return combine(a, b, (x, y) => x & y);
}

/** What either keeps. @throws Error when they do not mask the same parameters in the same shapes. */
export function union(a: Masks, b: Masks): Masks {
  return combine(a, b, (x, y) => x | y);
}

/**
 * How alike two sets of masks are: kept by both over kept by either (Jaccard index), 0 to 1. 1 when neither keeps
 * anything. Two independent random masks of density d overlap by about d / (2 - d).
 *
 * @throws Error when they do not mask the same parameters in the same shapes.
 */
export function overlap(a: Masks, b: Masks): number {
  const either = totalSurvivors(union(a, b));
  return either === 0 ? 1 : totalSurvivors(intersection(a, b)) / either;
}

function totalSurvivors(masks: Masks): number {
  return Object.values(masks).reduce((sum, mask) => sum + survivors(mask), 0);
}

function combine(a: Masks, b: Masks, bit: (x: number, y: number) => number): Masks {
  const extra = Object.keys(b).find((name) => !Object.hasOwn(a, name));
  if (extra !== undefined) throw new Error(`parameter '${extra}' is masked on one side only`);
  return mapMasks(a, (mask, name) => {
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    if (!other) throw new Error(`parameter '${name}' is masked on one side only`);
    requireSameShape(mask, other, name);
    const data = mask.data.map((x, index) => bit(x, other.data[index] ?? 0));
    return tensor('uint8', mask.shape, data);
  });
}

function mapMasks<T>(masks: Masks, map: (mask: Mask, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, map(mask, name)]));
}

function requireSameShape(expected: Tensor, mask: Mask, name: string): void {
  if (shapeText(expected.shape) !== shapeText(mask.shape)) {
    throw new Error(
      `the mask of '${name}' must have shape ${shapeText(expected.shape)}, found ${shapeText(mask.shape)}`,
    );
  }
}
