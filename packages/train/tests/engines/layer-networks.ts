import { float32, sizeOf, tensor } from '@winning-tickets/onnx';
import type { LayerSpec } from '@winning-tickets/ticket';
import { resolveNetwork } from '@winning-tickets/ticket';
import type { Samples, TrainingJob, TrainState } from '../../src/index.js';
import { initialBuffers, stream } from '../../src/index.js';
import { fullMasks, given, initialState, withRate } from './onnx/support.js';

/** What each kind of network needs: its layers, and whether its samples are indices. */
export const layerNetworks: Readonly<
  Record<string, { input: number[]; layers: LayerSpec[]; vocabulary?: number }>
> = {
  convolutions: {
    input: [6, 6],
    layers: [
      { kind: 'reshape', shape: [1, 6, 6] },
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'maxpool', kernel: 2 },
      { kind: 'conv2d', filters: 3, kernel: 2, stride: 2, padding: 1 },
      { kind: 'gelu' },
      { kind: 'avgpool', kernel: 2, stride: 1 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
  },
  'normalised blocks': {
    input: [2, 4, 4],
    layers: [
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'batchnorm' },
      {
        kind: 'residual',
        layers: [
          { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
          { kind: 'batchnorm' },
          { kind: 'relu' },
        ],
      },
      { kind: 'globalavgpool' },
      { kind: 'dense', units: 3 },
    ],
  },
  'words with dropout': {
    input: [7],
    vocabulary: 11,
    layers: [
      { kind: 'embedding', vocabulary: 11, size: 6 },
      {
        kind: 'parallel',
        branches: [2, 3].map((kernel) => [
          { kind: 'conv1d', filters: 4, kernel },
          { kind: 'relu' },
          { kind: 'globalmaxpool' },
        ]),
      },
      { kind: 'dropout', rate: 0.25 },
      { kind: 'dense', units: 3 },
    ],
  },
};

// Of each class a pattern of its own, with noise, so that there is something to learn.
function samplesOf(
  input: readonly number[],
  vocabulary: number | undefined,
  seed: number,
  count: number,
): Samples {
  const random = stream(seed, 'samples');
  const width = sizeOf(input);
  const labels = Int32Array.from({ length: count }, (_, sample) => sample % 3);
  const values = Array.from(labels, (label) =>
    Array.from({ length: width }, (_, place) =>
      vocabulary
        ? (label * 3 + random.integer(vocabulary - 6)) % vocabulary
        : Math.sin((label + 1) * place) + 0.3 * random.normal(),
    ),
  ).flat();
  const shape = [count, ...input];
  const inputs = vocabulary ? tensor('int32', shape, Int32Array.from(values)) : float32(values, shape);
  return { inputs, labels: tensor('int32', [count], labels) };
}

/** A training of one of these networks. */
export function layerJob(name: string): TrainingJob {
  const { input, layers, vocabulary } = given(layerNetworks, name);
  return {
    network: resolveNetwork({ name: 'test', input, layers }),
    optimizer: withRate('adam', 0.01),
    batchSize: 8,
    inputScale: 1,
    train: samplesOf(input, vocabulary, 1, 48),
    validation: samplesOf(input, vocabulary, 2, 12),
    test: samplesOf(input, vocabulary, 3, 261),
    threads: 1,
  };
}

/** Where such a training begins. */
export const startOf = (job: TrainingJob, masks = fullMasks(job.network)): TrainState => ({
  ...initialState(job, masks),
  buffers: initialBuffers(job.network),
});
