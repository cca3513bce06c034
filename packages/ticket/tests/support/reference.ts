import type { Tensors } from '@winning-tickets/onnx';
import type { Network, ResolvedLayer } from '../../src/index.js';

/** A network's output for one sample in double precision, written without the code under test. */
export function evaluate(network: Network, parameters: Tensors, sample: readonly number[]): number[] {
  return evaluateLayers(network.layers, parameters, sample);
}

function evaluateLayers(
  layers: readonly ResolvedLayer[],
  parameters: Tensors,
  sample: readonly number[],
): number[] {
  return layers.reduce<number[]>((x, layer) => evaluateLayer(layer, parameters, x), [...sample]);
}

function evaluateLayer(layer: ResolvedLayer, parameters: Tensors, x: readonly number[]): number[] {
  const of = (name: string) => numbersOf(parameters, `${layer.name}.${name}`);
  switch (layer.kind) {
    case 'flatten':
    case 'reshape':
    case 'dropout':
      return [...x];
    case 'relu':
      return x.map((value) => (value > 0 ? value : 0));
    case 'sigmoid':
      return x.map((value) => 1 / (1 + Math.exp(-value)));
    case 'tanh':
      return x.map((value) => Math.tanh(value));
    case 'gelu':
      return x.map((value) => value * normalBelow(value));
    case 'dense': {
      const [weight, bias] = [of('weight'), of('bias')];
      return bias.map((b, unit) =>
        x.reduce((sum, value, input) => sum + value * (weight[input * bias.length + unit] ?? NaN), b),
      );
    }
    case 'conv1d':
    case 'conv2d':
      return convolve(layer, x, of('weight'), of('bias'));
    case 'maxpool':
      return pool(layer, x, (window) => Math.max(...window.filter((value) => value !== undefined)));
    case 'avgpool':
      return pool(layer, x, (window) => mean(window.map((value) => value ?? 0)));
    case 'globalmaxpool':
      return channels(layer, x).map((channel) => Math.max(...channel));
    case 'globalavgpool':
      return channels(layer, x).map(mean);
    case 'batchnorm': {
      const [scale, bias, centre, variance] = [of('scale'), of('bias'), of('mean'), of('variance')];
      const epsilon = Number(layer.options['epsilon']);
      return channels(layer, x).flatMap((channel, c) =>
        channel.map(
          (value) =>
            ((value - at(centre, c)) / Math.sqrt(at(variance, c) + epsilon)) * at(scale, c) + at(bias, c),
        ),
      );
    }
    case 'embedding': {
      const size = Number(layer.options['size']);
      const weight = of('weight');
      return range(size).flatMap((column) => x.map((index) => at(weight, index * size + column)));
    }
    case 'residual': {
      const [inside = [], around = []] = layer.branches.map((inner) => evaluateLayers(inner, parameters, x));
      return inside.map((value, index) => value + at(around, index));
    }
    case 'parallel':
      return layer.branches.flatMap((inner) => evaluateLayers(inner, parameters, x));
    default:
      throw new Error(`no reference for ${layer.kind}`);
  }
}

/** One axis of windows: what a kernel's element reads, for each output. */
interface Axis {
  readonly size: number;
  readonly output: number;
  readonly kernel: number;
  readonly read: (output: number, element: number) => number;
}

// Both axes of an image; a sequence is an image of height 1.
function axesOf({ options, inputShape, outputShape, kind }: ResolvedLayer): [Axis, Axis] {
  const rank = inputShape.length - 1;
  const per = (key: string, otherwise: number): number[] => {
    const value = options[key] ?? otherwise;
    return Array.isArray(value) ? (value as number[]) : range(rank).map(() => Number(value));
  };
  const kernels = per('kernel', 1);
  const strides = kind.endsWith('pool') && options['stride'] === undefined ? kernels : per('stride', 1);
  const axes = range(rank).map((axis): Axis => {
    const [kernel, stride, dilation] = [at(kernels, axis), at(strides, axis), at(per('dilation', 1), axis)];
    const [size, output] = [at(inputShape, axis + 1), at(outputShape, axis + 1)];
    const reach = dilation * (kernel - 1) + 1;
    const padding = options['padding'];
    const begin =
      padding === 'same'
        ? Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size) / 2)
        : Array.isArray(padding)
          ? Number(padding[axis])
          : Number(padding);
    return {
      size,
      output,
      kernel,
      read: (place, element) => place * stride + element * dilation - begin,
    };
  });
  const none: Axis = { size: 1, output: 1, kernel: 1, read: () => 0 };
  const [first = none, second] = axes;
  return second ? [first, second] : [none, first];
}

function convolve(
  layer: ResolvedLayer,
  x: readonly number[],
  weight: readonly number[],
  bias: readonly number[],
) {
  const [rows, columns] = axesOf(layer);
  const groups = Number(layer.options['groups']);
  const inGroup = at(layer.inputShape, 0) / groups;
  const perGroup = bias.length / groups;
  return bias.flatMap((b, filter) =>
    outputs(rows, columns).map(([r, c]) => {
      let sum = b;
      for (const channel of range(inGroup)) {
        const source = Math.floor(filter / perGroup) * inGroup + channel;
        for (const [i, j] of elements(rows, columns)) {
          const value = pixel(x, source, rows, columns, rows.read(r, i), columns.read(c, j)) ?? 0;
          sum += value * at(weight, ((filter * inGroup + channel) * rows.kernel + i) * columns.kernel + j);
        }
      }
      return sum;
    }),
  );
}

function pool(
  layer: ResolvedLayer,
  x: readonly number[],
  reduce: (window: readonly (number | undefined)[]) => number,
): number[] {
  const [rows, columns] = axesOf(layer);
  return range(at(layer.inputShape, 0)).flatMap((channel) =>
    outputs(rows, columns).map(([r, c]) =>
      reduce(
        elements(rows, columns).map(([i, j]) =>
          pixel(x, channel, rows, columns, rows.read(r, i), columns.read(c, j)),
        ),
      ),
    ),
  );
}

// Undefined in the padding.
function pixel(
  x: readonly number[],
  channel: number,
  rows: Axis,
  columns: Axis,
  row: number,
  column: number,
) {
  const inside = row >= 0 && row < rows.size && column >= 0 && column < columns.size;
  return inside ? x[(channel * rows.size + row) * columns.size + column] : undefined;
}

const outputs = (rows: Axis, columns: Axis) => pairs(rows.output, columns.output);
const elements = (rows: Axis, columns: Axis) => pairs(rows.kernel, columns.kernel);

function pairs(rows: number, columns: number): [number, number][] {
  return range(rows).flatMap((row) => range(columns).map((column): [number, number] => [row, column]));
}

function channels({ inputShape }: ResolvedLayer, x: readonly number[]): number[][] {
  const count = at(inputShape, 0);
  const size = x.length / count;
  return range(count).map((channel) => x.slice(channel * size, (channel + 1) * size));
}

// The normal distribution's share below x, by Simpson's rule.
function normalBelow(x: number): number {
  const steps = 2000;
  const from = -12;
  const width = (x - from) / steps;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  return range(steps + 1).reduce((sum, step) => {
    const factor = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
    return sum + (factor * density(from + step * width) * width) / 3;
  }, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? NaN;
}

function numbersOf(parameters: Tensors, name: string): number[] {
  return [...(parameters[name]?.data ?? [])].map(Number);
}
