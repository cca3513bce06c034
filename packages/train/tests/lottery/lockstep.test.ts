import { describe, expect, test } from 'vitest';
import type { TrainingProgram } from '../../src/index.js';
import { onnxEngine } from '../../src/index.js';
import { inLockstep } from '../../src/lottery/lockstep.js';
import { fullMasks, initialState, planOf, smallJob } from '../engines/onnx/support.js';

const job = smallJob();
const start = () => initialState(job, fullMasks(job.network));

/** Runs a training in chunks of so many steps, and takes it out. */
async function trained(program: TrainingProgram, from: number, chunks: readonly number[]) {
  let state = start();
  const losses: number[] = [];
  for (const steps of chunks) {
    const result = await program.run(state, planOf(job, from + state.step, steps));
    state = result.state;
    losses.push(...result.losses);
  }
  await program.dispose();
  return { state, losses };
}

describe('trainings in lockstep', () => {
  test('come out the same however long their chunks are, and whoever they go beside', async () => {
    const program = await onnxEngine.compile(job);
    const [alone, ...others] = inLockstep(program, 3);
    for (const other of others) await other.dispose();
    if (!alone) throw new Error('there is no program');
    const expected = await trained(alone, 0, [12]);
    const members = inLockstep(program, 3);
    const chunks = [[3, 9], [5, 5, 2], [12]];
    const results = await Promise.all(
      members.map((member, index) => trained(member, index * 20, chunks[index] ?? [])),
    );
    expect(results[0]).toEqual(expected);
    expect(results.map(({ state }) => state.step)).toEqual([12, 12, 12]);
    expect(new Set(results.map(({ losses }) => losses[0])).size).toBe(3);
    await program.dispose();
  });

  test('go on without one that has left', async () => {
    const program = await onnxEngine.compile(job);
    const members = inLockstep(program, 3);
    const lengths = [[2], [6, 6], [1, 1, 1]];
    const results = await Promise.all(
      members.map((member, index) => trained(member, 0, lengths[index] ?? [])),
    );
    expect(results.map(({ state }) => state.step)).toEqual([2, 12, 3]);
    await program.dispose();
  });

  test('all hear of an error, and none is left waiting', async () => {
    const program = await onnxEngine.compile(job);
    const broken: TrainingProgram = {
      ...program,
      runTogether: () => Promise.reject(new Error('the device is lost')),
    };
    const outcomes = await Promise.allSettled(inLockstep(broken, 2).map((member) => trained(member, 0, [4])));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await program.dispose();
  });
});
