import type { ProfiledNode } from './profile.js';
import type { Work } from './result.js';

const BYTES_PER_WEIGHT = 4;

/**
 * What one call of a model does: operators, floating-point operations (a multiplication and an addition count as two),
 * and the bytes that its operators read and write between them.
 */
export function workOf(nodes: readonly ProfiledNode[]): Work {
  return {
    operators: nodes.length,
    operations: sum(nodes.map(operationsOf)),
    bytes: sum(nodes.map((node) => node.bytes + hiddenWeightBytes(node))),
  };
}

function operationsOf(node: ProfiledNode): number {
  const output = elements(node.outputs[0]);
  if (isProduct(node)) return 2 * output * sharedSize(node);
  if (isConvolution(node)) {
    // Weights are [filters, channels of a group, ...window].
    const [, weights = []] = node.inputs;
    return 2 * output * (elements(weights) / Math.max(1, weights[0] ?? 1));
  }
  return Math.max(output, ...node.inputs.map(elements));
}

/** The runtime lays constant weights of a product out anew and then leaves them out of the profile. */
function hiddenWeightBytes(node: ProfiledNode): number {
  if (!isProduct(node) || node.inputs.filter((shape) => shape.length >= 2).length >= 2) return 0;
  return sharedSize(node) * (node.outputs[0]?.at(-1) ?? 0) * BYTES_PER_WEIGHT;
}

/** The size that a product sums over, whichever of its sides are transposed: [m, k] times [k, n]. */
function sharedSize({ inputs, outputs }: ProfiledNode): number {
  const columns = outputs[0]?.at(-1) ?? 1;
  return elements(inputs[0]) / Math.max(1, elements(outputs[0]) / Math.max(1, columns));
}

// MatMul, Gemm, FusedMatMul, QGemm, MatMulNBits, …: of the runtime's own operators only the name tells.
function isProduct({ operator }: ProfiledNode): boolean {
  return /Gemm|MatMul/.test(operator);
}

function isConvolution({ operator }: ProfiledNode): boolean {
  return /Conv(?!ert)/.test(operator);
}

function elements(shape: readonly number[] = []): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
