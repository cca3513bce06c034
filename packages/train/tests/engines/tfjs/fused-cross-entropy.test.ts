import * as tf from '@tensorflow/tfjs-core';
import { GraphBuilder } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { openBackend } from '../../../src/engines/tfjs/backend.js';
import { fusedCrossEntropy } from '../../../src/engines/tfjs/fused-cross-entropy.js';
import { walkOf } from '../../../src/engines/tfjs/walk.js';
import { crossEntropy } from '../../../src/losses/cross-entropy.js';
import { largestError } from '../onnx/support.js';
import { device } from './support.js';

const CLASSES = 5;

beforeAll(async () => {
  await openBackend(device, 1);
});

/** Losses and, of their weighted sum, the slopes. */
function evaluated(lossesOf: (logits: tf.Tensor, labels: tf.Tensor) => tf.Tensor, { rows, labels }: Drawn) {
  return tf.tidy(() => {
    const classes = tf.tensor1d(labels, 'int32');
    const shares = tf.tensor1d(labels.map((_, sample) => sample + 1));
    const { value, grad } = tf.valueAndGrad((logits: tf.Tensor) => lossesOf(logits, classes))(
      tf.tensor2d(rows),
      shares,
    );
    return { losses: [...value.dataSync()], slopes: [...grad.dataSync()] };
  });
}

interface Drawn {
  readonly rows: number[][];
  readonly labels: number[];
}

const drawn: fc.Arbitrary<Drawn> = fc
  .array(
    fc.tuple(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: CLASSES, maxLength: CLASSES }),
      fc.nat(CLASSES - 1),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((samples) => ({
    rows: samples.map(([numbers]) => numbers.map((number) => number / 16)),
    labels: samples.map(([, label]) => label),
  }));

test.runIf(device === 'wasm')(
  'there is none where TensorFlow is not bound: the graph of the loss is walked',
  () => {
    expect(fusedCrossEntropy()).toBeUndefined();
  },
);

// Where TensorFlow is bound: the referees run it.
test.skipIf(device === 'wasm')('it has the losses and slopes of the graph of the loss', () => {
  const fused = fusedCrossEntropy();
  if (!fused) throw new Error('TensorFlow is not bound');
  const builder = new GraphBuilder('loss');
  const logits = builder.input('logits', 'float32', ['batch', CLASSES]);
  builder.output(crossEntropy(builder, logits, builder.input('labels', 'int32', ['batch'])), 'losses');
  const walk = walkOf(builder.build());
  const composed = (x: tf.Tensor, labels: tf.Tensor) =>
    walk.run({ logits: x, labels })['losses'] as tf.Tensor;
  fc.assert(
    fc.property(drawn, (batch) => {
      const [ours, theirs] = [evaluated(composed, batch), evaluated(fused, batch)];
      expect(largestError(theirs.losses, ours.losses)).toBeLessThan(1e-5);
      expect(largestError(theirs.slopes, ours.slopes)).toBeLessThan(1e-5);
    }),
  );
  walk.dispose();
});
