import type { BatchPlan, TrainingProgram, TrainState } from '../engine.js';

/** Batches that the running averages of a network between two are measured over; their momentum forgets the rest. */
const AVERAGING_STEPS = 100;

/**
 * The running averages of a network that was not trained but computed: measured by steps whose rate is 0, which change
 * nothing else. Networks without running averages come back as they are.
 */
export async function averaged(
  state: TrainState,
  program: TrainingProgram,
  batches: (from: number, steps: number) => BatchPlan,
): Promise<TrainState> {
  if (Object.keys(state.buffers).length === 0) return state;
  const plan = batches(0, AVERAGING_STEPS);
  const { state: run } = await program.run(state, { ...plan, rates: new Float32Array(AVERAGING_STEPS) });
  return { ...state, buffers: run.buffers };
}
