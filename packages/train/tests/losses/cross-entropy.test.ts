import type { Tensor } from '@winning-tickets/onnx';
import { float32, GraphBuilder, gradients, numbersOf, sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/engines/onnx/session.js';
import { crossEntropy } from '../../src/losses/cross-entropy.js';

// Losses per sample and their gradients with respect to the logits.
async function evaluated(logits: Tensor, labels: readonly number[]) {
  const builder = new GraphBuilder('loss');
  const x = builder.input('logits', logits.dtype, ['batch', logits.shape[1] ?? 0]);
  const loss = crossEntropy(builder, x, builder.input('labels', 'int32', ['batch']));
  builder.output(loss, 'loss');
  for (const slope of gradients(builder, loss, [x])) builder.output(slope, 'slope');
  expect(loss).toMatchObject({ dtype: logits.dtype, shape: ['batch'] });
  const session = await openSession(builder.build(), { threads: 1 });
  const outputs = await session.run({
    logits,
    labels: tensor('int32', [labels.length], Int32Array.from(labels)),
  });
  await session.dispose();
  const numbers = (name: string) => numbersOf(outputs[name] ?? float32([]));
  return { losses: numbers('loss'), slopes: numbers('slope') };
}

function float64(values: readonly number[], shape: readonly number[]): Tensor {
  return tensor('float64', shape, Float64Array.from(values));
}

const drawn = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
  .chain(([batch, classes]) =>
    fc.record({
      shape: fc.constant([batch, classes]),
      logits: fc.array(fc.integer({ min: -200, max: 200 }), {
        minLength: sizeOf([batch, classes]),
        maxLength: sizeOf([batch, classes]),
      }),
      labels: fc.array(fc.nat(classes - 1), { minLength: batch, maxLength: batch }),
    }),
  );

describe('cross-entropy', () => {
  test.each(['float32', 'float64'] as const)(
    'in %s is minus the logarithm of the softmax, with gradient softmax minus one-hot',
    async (dtype) => {
      await fc.assert(
        fc.asyncProperty(drawn, async ({ shape, logits, labels }) => {
          const [, classes] = shape;
          const values = logits.map((x) => x / 32);
          const { losses, slopes } = await evaluated(
            dtype === 'float32' ? float32(values, shape) : float64(values, shape),
            labels,
          );
          const digits = dtype === 'float32' ? 5 : 12;
          labels.forEach((label, sample) => {
            const row = values.slice(sample * classes, (sample + 1) * classes);
            const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
            expect(losses[sample]).toBeCloseTo(Math.log(total) - (row[label] ?? NaN), digits);
            row.forEach((x, index) => {
              const slope = Math.exp(x) / total - (index === label ? 1 : 0);
              expect(slopes[sample * classes + index]).toBeCloseTo(slope, digits);
            });
          });
        }),
        { seed: 1, numRuns: 8 },
      );
    },
  );

  test('stays finite and never negative where the exponentials overflow', async () => {
    const { losses, slopes } = await evaluated(float32([1e4, 0, -1e4, 1e4, 0, -1e4], [2, 3]), [0, 2]);
    expect(losses).toEqual([0, 2e4]);
    expect(slopes).toEqual([0, 0, 0, 1, 0, -1]);
  });

  test('shares the loss of equal logits, whose maximum is tied', async () => {
    const { losses, slopes } = await evaluated(float64([7, 7, 7, 7], [1, 4]), [3]);
    expect(losses[0]).toBeCloseTo(Math.log(4), 14);
    slopes.forEach((slope, index) => {
      expect(slope).toBeCloseTo(index === 3 ? -0.75 : 0.25, 14);
    });
  });

  test('of logits that are not numbers is not a number', async () => {
    const { losses } = await evaluated(float32([NaN, 0, 1, 2], [2, 2]), [1, 1]);
    expect(losses[0]).toBeNaN();
    expect(losses[1]).toBeCloseTo(Math.log(1 + Math.exp(-1)), 6);
  });

  test('needs a known number of classes', () => {
    const builder = new GraphBuilder('loss');
    const logits = builder.input('logits', 'float32', ['batch', 'classes']);
    const labels = builder.input('labels', 'int32', ['batch']);
    expect(() => crossEntropy(builder, logits, labels)).toThrow(
      'cross-entropy needs a known number of classes',
    );
  });
});
