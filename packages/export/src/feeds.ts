import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { sizeOf, tensor, zeros } from '@winning-tickets/onnx';
import type { InputForm } from './input-form.js';

/** Samples as data sets store them, every value written out: `[count, ...inputShape]`, not yet scaled. */
export interface DenseInputs {
  readonly layout?: 'dense';
  readonly shape: readonly number[];
  readonly data: Uint8Array | Int32Array | Float32Array;
}

/** Samples as data sets store them where most values are zero: `[count, width]`, compressed sparse rows. */
export interface SparseInputs {
  readonly layout: 'sparse';
  readonly shape: readonly number[];
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

export type StoredInputs = DenseInputs | SparseInputs;

/** How stored samples enter a model. */
export interface InputLayout {
  readonly form: InputForm;
  /** Shape of a sample that the network takes, of as many elements as a stored sample has. */
  readonly inputShape: readonly number[];
  /** What stored values are multiplied by; numbers of words are not. */
  readonly inputScale: number;
  /**
   * Which elements of the flattened sample the model takes; all of them when left out. Of bags these are words, and they
   * are numbered by their places here.
   */
  readonly liveInputs?: readonly number[] | undefined;
}

/** What a model takes for the samples from `start` to before `end`, by the names of its inputs. */
export function feedsOf(inputs: StoredInputs, start: number, end: number, layout: InputLayout): Tensors {
  const { form, inputShape, inputScale, liveInputs } = layout;
  const count = end - start;
  if (form === 'bag') return bags(rowsOf(inputs, start, end, layout));
  if (form === 'shared-bag') return sharedBag(rowsOf(inputs, start, end, layout));
  if (form === 'sequence') {
    if (inputs.layout === 'sparse') throw new Error('bags of words do not enter a network over sequences');
    const size = sizeOf(inputShape);
    const numbers = Int32Array.from(inputs.data.subarray(start * size, end * size));
    return { input: tensor('int32', [count, ...inputShape], numbers) };
  }
  const whole = written(inputs, start, end, sizeOf(inputShape), inputScale);
  return {
    input: liveInputs ? picked(whole, count, liveInputs) : tensor('float32', [count, ...inputShape], whole),
  };
}

/** Scaled values of `size` each, one sample after the other. */
function written(
  inputs: StoredInputs,
  start: number,
  end: number,
  size: number,
  scale: number,
): Float32Array {
  const whole = new Float32Array((end - start) * size);
  if (inputs.layout !== 'sparse') {
    const { data } = inputs;
    const from = start * size;
    // A loop, because `Float32Array.from` with a function takes fifty times as long, and the test side is millions.
    for (let at = 0; at < whole.length; at++) whole[at] = (data[from + at] ?? 0) * scale;
    return whole;
  }
  const { offsets, indices, values } = inputs;
  for (let row = start; row < end; row++) {
    for (let place = offsets[row] ?? 0; place < (offsets[row + 1] ?? 0); place++) {
      whole[(row - start) * size + (indices[place] ?? 0)] = (values[place] ?? 0) * scale;
    }
  }
  return whole;
}

function picked(whole: Float32Array, count: number, liveInputs: readonly number[]): Tensor<'float32'> {
  const size = whole.length / count;
  const live = new Float32Array(count * liveInputs.length);
  for (let sample = 0; sample < count; sample++) {
    liveInputs.forEach((index, place) => {
      live[sample * liveInputs.length + place] = whole[sample * size + index] ?? 0;
    });
  }
  return tensor('float32', [count, liveInputs.length], live);
}

interface Row {
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** What is not zero of each sample, among the elements that the model takes. */
function rowsOf(inputs: StoredInputs, start: number, end: number, layout: InputLayout): Row[] {
  const rows = wholeRows(inputs, start, end, layout);
  if (!layout.liveInputs) return rows;
  const placeOf = new Map(layout.liveInputs.map((index, place) => [index, place]));
  return rows.map((row) => renumbered(row, placeOf));
}

function renumbered({ indices, values }: Row, placeOf: ReadonlyMap<number, number>): Row {
  const kept = Array.from(indices.keys()).filter((at) => placeOf.has(indices[at] ?? -1));
  return {
    indices: Int32Array.from(kept, (at) => placeOf.get(indices[at] ?? -1) ?? 0),
    values: Float32Array.from(kept, (at) => values[at] ?? 0),
  };
}

function wholeRows(inputs: StoredInputs, start: number, end: number, layout: InputLayout): Row[] {
  const { inputShape, inputScale: scale } = layout;
  const size = sizeOf(inputShape);
  return Array.from({ length: end - start }, (_, row) => {
    const sample = start + row;
    if (inputs.layout === 'sparse') {
      const [from, to] = [inputs.offsets[sample] ?? 0, inputs.offsets[sample + 1] ?? 0];
      const values = inputs.values.subarray(from, to).map((value) => value * scale);
      return { indices: inputs.indices.subarray(from, to), values };
    }
    const values = written(inputs, sample, sample + 1, size, scale);
    const indices = Int32Array.from(values.keys()).filter((index) => values[index] !== 0);
    return { indices, values: Float32Array.from(indices, (index) => values[index] ?? 0) };
  });
}

// As long as the longest, the others filled with word 0 at weight 0. Never of length 0, where a runtime may stumble.
function bags(rows: readonly Row[]): Tensors {
  const length = Math.max(1, ...rows.map(({ indices }) => indices.length));
  const words = zeros('int32', [rows.length, length]);
  const weights = zeros('float32', [rows.length, length]);
  rows.forEach(({ indices, values }, row) => {
    words.data.set(indices, row * length);
    weights.data.set(values, row * length);
  });
  return { words, weights };
}

// Words ascend, so that rows are picked in the order in which they lie. Of no words at all, word 0 at weight 0.
function sharedBag(rows: readonly Row[]): Tensors {
  const present = new Set(rows.flatMap(({ indices }) => [...indices]));
  const words = Int32Array.from(present.size === 0 ? [0] : present).sort();
  const columnOf = new Map(Array.from(words, (word, column) => [word, column]));
  const weights = zeros('float32', [rows.length, words.length]);
  rows.forEach(({ indices, values }, row) => {
    indices.forEach((word, at) => {
      weights.data[row * words.length + (columnOf.get(word) ?? NaN)] = values[at] ?? 0;
    });
  });
  return { words: tensor('int32', [words.length], words), weights };
}
