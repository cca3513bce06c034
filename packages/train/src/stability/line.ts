import type { Tensor, Tensors } from '@winning-tickets/onnx';

/**
 * The network a share `alpha` of the way from one to another: `(1 - alpha) * from + alpha * to`, tensor by tensor, float32.
 *
 * @throws RangeError when a tensor is missing on one side or has another shape there
 */
export function pointBetween(from: Tensors, to: Tensors, alpha: number): Tensors {
  const names = Object.keys(from);
  if (names.length !== Object.keys(to).length) {
    throw new RangeError(
      `networks of ${names.length} and of ${Object.keys(to).length} tensors have no line between them`,
    );
  }
  return Object.fromEntries(
    names.map((name) => [name, between(name, floatsOf(from, name), floatsOf(to, name), alpha)]),
  );
}

/** Shares from 0 to 1, evenly spaced. @throws RangeError for fewer than two points */
export function shares(points: number): number[] {
  if (!Number.isInteger(points) || points < 2) {
    throw new RangeError(`a line is seen at two points at least, found ${points}`);
  }
  return Array.from({ length: points }, (_, index) => index / (points - 1));
}

function between(
  name: string,
  from: Tensor<'float32'>,
  to: Tensor<'float32'>,
  alpha: number,
): Tensor<'float32'> {
  if (from.data.length !== to.data.length) {
    throw new RangeError(
      `${name} has ${from.data.length} numbers in one network, ${to.data.length} in the other`,
    );
  }
  // The ends are exactly the networks, which the sum below would miss by a rounding.
  if (alpha === 0) return from;
  if (alpha === 1) return to;
  const data = from.data.map((value, index) => (1 - alpha) * value + alpha * (to.data[index] ?? NaN));
  return { dtype: 'float32', shape: from.shape, data };
}

/** A tensor of float32 by name. @throws RangeError when there is none */
export function floatsOf(tensors: Tensors, name: string): Tensor<'float32'> {
  const found = tensors[name];
  if (found?.dtype !== 'float32') throw new RangeError(`a network has no float32 tensor '${name}'`);
  return found as Tensor<'float32'>;
}
