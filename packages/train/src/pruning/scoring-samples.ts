import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor } from '@winning-tickets/onnx';
import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Samples } from '../engine.js';
import type { Stream } from '../rng.js';
import type { ScoringSamples } from './criteria/criterion.js';

/** GraSP takes as many; 100 of MNIST are also the batch of SNIP. */
const SAMPLES_PER_CLASS = 10;

/** Where criteria at initialisation look beside the network. */
export interface ScoringData {
  readonly train: Samples;
  /** What each stored input is multiplied by before it enters the network; indices are not. */
  readonly inputScale: number;
}

/** Samples drawn from all training samples without replacement, ten times as many as there are classes, written out. */
export function drawScoringSamples(
  network: Network,
  { train: { inputs, labels }, inputScale }: ScoringData,
  random: Stream,
): ScoringSamples {
  const [classes = 0] = network.outputShape;
  const [all = 0, ...answer] = labels.shape;
  const rows = random.permutation(all).subarray(0, SAMPLES_PER_CLASS * classes);
  const input = 'offsets' in inputs ? sparseRows(inputs, rows) : denseRows(inputs, rows);
  const inputShape = [rows.length, ...network.inputShape];
  const labelShape = [rows.length, ...answer];
  return {
    input:
      network.inputDType === 'int32'
        ? tensor('int32', inputShape, Int32Array.from(input))
        : tensor(
            'float32',
            inputShape,
            input.map((value) => value * inputScale),
          ),
    labels:
      labels.dtype === 'int32'
        ? tensor('int32', labelShape, Int32Array.from(denseRows(labels, rows)))
        : tensor('uint8', labelShape, Uint8Array.from(denseRows(labels, rows))),
  };
}

/** Some rows one after the other. Indices and labels are whole numbers that float32 has. */
function denseRows({ shape: [, ...rest], data }: Tensor, rows: Int32Array): Float32Array {
  const width = sizeOf(rest);
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, place) => {
    for (let column = 0; column < width; column++) {
      taken[place * width + column] = Number(data[row * width + column]);
    }
  });
  return taken;
}

function sparseRows(
  { shape: [, width], offsets, indices, values }: SparseInputs,
  rows: Int32Array,
): Float32Array {
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, place) => {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      taken[place * width + (indices[at] ?? 0)] = values[at] ?? 0;
    }
  });
  return taken;
}
