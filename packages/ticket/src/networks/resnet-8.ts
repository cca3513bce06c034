import type { LayerSpec } from '../layers/layer-spec.js';
import type { NetworkSpec } from '../network.js';
import { asImage } from './shared.js';

/**
 * ResNet-8: a convolution of 16 filters and three residual blocks of 16, 32 and 64, batch-normalised, the mean over each
 * channel, and a dense output.
 *
 * He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2 with n = 1, with convolutions of 1x1 on the
 * way around where the shape changes (their option B).
 */
export function resnet8(input: readonly number[], classes: number): NetworkSpec {
  return {
    name: 'resnet-8',
    input,
    layers: [
      ...asImage(input),
      ...normalised({ name: 'conv1', filters: 16, kernel: 3 }),
      { kind: 'relu' },
      ...block('block1', 16, 1),
      ...block('block2', 32, 2),
      ...block('block3', 64, 2),
      { kind: 'globalavgpool' },
      { kind: 'dense', name: 'fc', units: classes },
    ],
  };
}

function block(name: string, filters: number, stride: 1 | 2): LayerSpec[] {
  const layers = [
    ...normalised({ name: 'conv1', filters, kernel: 3, stride }),
    { kind: 'relu' },
    ...normalised({ name: 'conv2', filters, kernel: 3 }),
  ];
  const shortcut = stride === 1 ? [] : normalised({ name: 'around', filters, kernel: 1, stride });
  return [{ kind: 'residual', name, layers, ...(stride === 1 ? {} : { shortcut }) }, { kind: 'relu' }];
}

function normalised(convolution: {
  name: string;
  filters: number;
  kernel: number;
  stride?: number;
}): LayerSpec[] {
  return [{ kind: 'conv2d', ...convolution, padding: 'same' }, { kind: 'batchnorm' }];
}
