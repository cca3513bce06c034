import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/engine.js';
import type { TrainingJob } from '../../../src/index.js';
import { fullMasks, initialState, planOf, smallJob } from './support.js';

const job = smallJob();
const training = (from: number, steps: number) => ({
  state: initialState(job, fullMasks(job.network)),
  plan: planOf(job, from, steps),
});

async function together(trainings: ReturnType<typeof training>[], of: TrainingJob = job) {
  const program = await onnxEngine.compile(of);
  try {
    return await program.runTogether?.(trainings);
  } finally {
    await program.dispose();
  }
}

describe('trainings that run together', () => {
  test('do not depend on each other: in its place each gets the same result, bit for bit, whichever the others are', async () => {
    const own = training(0, 5);
    const [beside] = (await together([own, training(5, 5), training(9, 5)])) ?? [];
    expect((await together([own, training(7, 5), training(3, 5)]))?.[0]).toEqual(beside);
  });

  test('may be at different steps, where Adam takes steps of different sizes', async () => {
    const of = {
      ...job,
      optimizer: { kind: 'adam', rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    } as const;
    const first = { state: initialState(of, fullMasks(of.network)), plan: planOf(of, 0, 3) };
    const [later] = (await together([first], of)) ?? [];
    if (!later) throw new Error('nothing was trained');
    const goneOn = { state: later.state, plan: planOf(of, 3, 3) };
    const both = await together([first, goneOn], of);
    expect(both?.map(({ state }) => state.step)).toEqual([3, 6]);
    expect((await together([goneOn, goneOn], of))?.[1]).toEqual(both?.[1]);
  });

  test('take as many steps each, or are refused', async () => {
    await expect(together([training(0, 5), training(0, 4)])).rejects.toThrow(
      new RangeError('trainings run together for as many steps each, found 5, 4'),
    );
  });
});
