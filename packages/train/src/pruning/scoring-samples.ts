import { tensor } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Samples } from '../engine.js';
import type { Stream } from '../rng.js';
import { rowsOf, rowsWrittenOut } from '../sample-rows.js';
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
  const [all = 0] = labels.shape;
  const rows = random.permutation(all).subarray(0, SAMPLES_PER_CLASS * classes);
  return {
    input: inputOf(inputs, rows, { network, inputScale }),
    labels: rowsOf(labels, rows, labels.dtype) as ScoringSamples['labels'],
  };
}

function inputOf(
  inputs: Samples['inputs'],
  rows: Int32Array,
  { network, inputScale }: Pick<ScoringData, 'inputScale'> & { readonly network: Network },
): ScoringSamples['input'] {
  const shape = [rows.length, ...network.inputShape];
  const isSparse = 'offsets' in inputs;
  if (network.inputDType === 'int32' && !isSparse)
    return tensor('int32', shape, rowsOf(inputs, rows, 'int32').data);
  const { data } = isSparse ? rowsWrittenOut(inputs, rows) : rowsOf(inputs, rows, 'float32');
  return tensor(
    'float32',
    shape,
    data.map((value) => value * inputScale),
  );
}
