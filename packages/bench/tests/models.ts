import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset, ImageDataset, Samples } from '@winning-tickets/datasets';
import type { Dimension, DType } from '@winning-tickets/onnx';
import {
  GraphBuilder,
  IR_VERSION,
  OPSET,
  encodeModel,
  flatten,
  gather,
  gemm,
  matMul,
  reduceSum,
  reshape,
  zeros,
} from '@winning-tickets/onnx';

let folder: string | undefined;

/** Deletes what was written: for a test file's `afterAll`. */
export function removeModels(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
}

/** The path of a file with these bytes, in a folder that `removeModels` removes. */
export function written(name: string, bytes: Uint8Array): string {
  folder ??= mkdtempSync(join(tmpdir(), 'bench-tests-'));
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** What a test model is like; `shape` includes the batch axis. */
export interface TestModel {
  readonly shape?: readonly Dimension[];
  readonly dtype?: DType;
  readonly classes?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly inputs?: number;
}

/**
 * A file with a classifier whose logit of class `c` is the flattened input's value `c`, so that a one-hot sample is
 * classified as the place of its one.
 */
export function classifier(name: string, model: TestModel = {}): string {
  const { shape = ['batch', 2, 2], dtype = 'float32', classes = 4, metadata = {}, inputs = 1 } = model;
  const builder = new GraphBuilder('classifier');
  const input = builder.input('input', dtype, shape);
  for (let i = 1; i < inputs; i++) builder.input(`other${i}`, 'float32', ['batch', 1]);
  const sized = shape.length > 1 && shape.slice(1).every((axis) => typeof axis === 'number');
  if (dtype === 'float32' && sized) {
    const size = shape.slice(1).reduce<number>((product, axis) => product * Number(axis), 1);
    const weight = zeros('float32', [size, classes]);
    for (let c = 0; c < Math.min(size, classes); c++) weight.data[c * classes + c] = 1;
    const w = builder.initializer('fc.weight', weight);
    const bias = builder.initializer('fc.bias', zeros('float32', [classes]));
    builder.output(gemm(builder, flatten(builder, input, 1), w, bias), model.output ?? 'logits');
  } else {
    builder.output(input, 'logits');
  }
  return written(
    name,
    encodeModel({
      graph: builder.build(),
      metadata,
      producer: { name: 'tests', version: '0' },
      opset: OPSET,
      irVersion: IR_VERSION,
    }),
  );
}

/**
 * A file with a classifier over four words whose logit of class `c` is how much word `c` counts: in a sequence of three
 * words, in a bag of its own or shared by the batch, or in a bag with every word written out.
 */
export function wordsClassifier(
  name: string,
  form: 'dense' | 'sequence' | 'bag' | 'shared-bag',
  metadata: Readonly<Record<string, string>> = {},
): string {
  const builder = new GraphBuilder('words');
  const table = builder.initializer('table', {
    dtype: 'float32',
    shape: [4, 4],
    data: Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 1 : 0)),
  });
  if (form === 'dense') {
    const input = builder.input('input', 'float32', ['batch', 4]);
    builder.output(matMul(builder, input, table), 'logits');
  } else if (form === 'sequence') {
    const input = builder.input('input', 'int32', ['batch', 3]);
    builder.output(reduceSum(builder, gather(builder, table, input), [1]), 'logits');
  } else if (form === 'shared-bag') {
    const words = builder.input('words', 'int32', ['count']);
    const weights = builder.input('weights', 'float32', ['batch', 'count']);
    builder.output(matMul(builder, weights, gather(builder, table, words)), 'logits');
  } else {
    const words = builder.input('words', 'int32', ['batch', 'length']);
    const weights = builder.input('weights', 'float32', ['batch', 'length']);
    const rows = gather(builder, table, words);
    const sums = matMul(builder, reshape(builder, weights, [0, 1, 'length']), rows);
    builder.output(reshape(builder, sums, [0, 4]), 'logits');
  }
  return written(
    name,
    encodeModel({
      graph: builder.build(),
      metadata,
      producer: { name: 'tests', version: '0' },
      opset: OPSET,
      irVersion: IR_VERSION,
    }),
  );
}

/** A data set of four texts over the words a to d as bags: its second text is empty, its last label is wrong. */
export function bagDataset(): Dataset {
  const samples = {
    inputs: {
      layout: 'sparse',
      dtype: 'float32',
      shape: [4, 4],
      offsets: Int32Array.of(0, 2, 2, 3, 5),
      indices: Int32Array.of(0, 3, 2, 1, 3),
      values: Float32Array.of(1, 2, 1, 3, 1),
    },
    labels: { dtype: 'int32', shape: [4], data: Int32Array.of(3, 0, 2, 3) },
  } as const;
  return textDataset([4], samples);
}

/** Three texts over the same words as sequences of three; the last label is wrong. */
export function sequenceDataset(): Dataset {
  const samples = {
    inputs: {
      layout: 'dense',
      dtype: 'int32',
      shape: [3, 3],
      data: Int32Array.of(0, 1, 1, 3, 3, 0, 2, 2, 2),
    },
    labels: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 3, 1) },
  } as const;
  return textDataset([3], samples);
}

function textDataset(inputShape: readonly number[], samples: Samples): Dataset {
  return {
    id: 'letters',
    checksum: 'abc',
    inputShape,
    inputScale: 1,
    classNames: ['0', '1', '2', '3'],
    vocabulary: ['a', 'b', 'c', 'd'],
    train: samples,
    validation: samples,
    test: samples,
  };
}

/** A file whose input claims a free batch axis, and whose graph takes one sample only. */
export function onlyBatchOne(name: string): string {
  const builder = new GraphBuilder('one');
  const input = builder.input('input', 'float32', [1, 4]);
  builder.output(reshape(builder, input, [1, 4]), 'logits');
  const graph = builder.build();
  return written(
    name,
    encodeModel({
      graph: { ...graph, inputs: [{ ...input, shape: ['batch', 4] }] },
      metadata: {},
      producer: { name: 'tests', version: '0' },
      opset: OPSET,
      irVersion: IR_VERSION,
    }),
  );
}

/** A data set of one-hot 2 x 2 images: image `i` shows class `shown[i]`, its label is `labels[i]`. */
export function oneHotDataset(shown: readonly number[], labels: readonly number[]): ImageDataset {
  const data = new Uint8Array(shown.length * 4);
  shown.forEach((label, row) => {
    data[row * 4 + label] = 255;
  });
  const samples = {
    inputs: { layout: 'dense', dtype: 'uint8', shape: [shown.length, 2, 2], data },
    labels: { dtype: 'int32', shape: [labels.length], data: Int32Array.from(labels) },
  } as const;
  return {
    id: 'one-hot',
    checksum: 'abc',
    inputShape: [2, 2],
    inputScale: 1 / 255,
    classNames: ['0', '1', '2', '3'],
    train: samples,
    validation: samples,
    test: samples,
  };
}
