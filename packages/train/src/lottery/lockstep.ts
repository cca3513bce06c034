import { tensor } from '@winning-tickets/onnx';
import type { BatchPlan, TrainingProgram, TrainState } from '../engine.js';

/** A training that waits for the others: where it stands, and what is left of the steps that it asked for. */
interface Waiting {
  readonly state: TrainState;
  readonly plan: BatchPlan;
  readonly losses: readonly Float32Array[];
  readonly resolve: (result: { state: TrainState; losses: Float32Array }) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Programs for several trainings that go side by side: their steps are taken together (`runTogether`), as soon as all
 * of them have asked for some. One that asks for more steps than another goes on with the next steps of the others.
 *
 * The graph always has as many members, and each training its own place among them, since both decide last bits: the
 * places of those that have left are filled, and what comes out of them is dropped. So a result does not depend on the
 * other trainings.
 *
 * Disposing of one of them takes its training out, which the others then no longer wait for; the program itself stays.
 *
 * @param program of an engine that has `runTogether`.
 * @returns one program per place.
 */
export function inLockstep(program: TrainingProgram, members: number): TrainingProgram[] {
  const waiting = new Map<number, Waiting>();
  const present = new Set(Array.from({ length: members }, (_, member) => member));
  let running = false;

  const advance = async (): Promise<void> => {
    if (running || waiting.size === 0 || waiting.size < present.size) return;
    running = true;
    const group = [...waiting];
    try {
      for (const [member, after] of await stepTogether(program, group, members)) {
        if (after.plan.rates.length > 0) waiting.set(member, after);
        else {
          waiting.delete(member);
          after.resolve({ state: after.state, losses: concatenated(after.losses) });
        }
      }
    } catch (error) {
      for (const [member, { reject }] of group) {
        waiting.delete(member);
        reject(error);
      }
    }
    running = false;
    void advance();
  };

  return [...present].map((member) => ({
    run: (state, plan) =>
      new Promise((resolve, reject) => {
        waiting.set(member, { state, plan, losses: [], resolve, reject });
        void advance();
      }),
    evaluate: (state, split) => program.evaluate(state, split),
    execute: (graph, inputs) => program.execute(graph, inputs),
    dispose: () => {
      present.delete(member);
      void advance();
      return Promise.resolve();
    },
  }));
}

/** As many steps as every one of the trainings has left, for all of them. */
async function stepTogether(
  program: TrainingProgram,
  group: readonly (readonly [number, Waiting])[],
  members: number,
): Promise<[number, Waiting][]> {
  if (!program.runTogether) throw new Error('this engine cannot run trainings together');
  const steps = Math.min(...group.map(([, { plan }]) => plan.rates.length));
  const trainings = new Map(
    group.map(([member, { state, plan }]) => [member, { state, plan: part(plan, 0, steps) }]),
  );
  const [filler] = trainings.values();
  const places = Array.from({ length: members }, (_, member) => trainings.get(member) ?? filler ?? []).flat();
  const results = await program.runTogether(places);
  return group.map(([member, before]) => {
    const { state, losses } = results[member] ?? { state: before.state, losses: new Float32Array() };
    const rest = part(before.plan, steps, before.plan.rates.length);
    return [member, { ...before, state, plan: rest, losses: [...before.losses, losses] }];
  });
}

/** The steps of a plan from one to before another. */
function part({ indices, rates, seeds }: BatchPlan, from: number, to: number): BatchPlan {
  const [, batch = 0] = indices.shape;
  return {
    indices: tensor('int32', [to - from, batch], indices.data.slice(from * batch, to * batch)),
    rates: rates.slice(from, to),
    seeds: tensor('int64', [to - from], seeds.data.slice(from, to)),
  };
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const losses of parts) {
    all.set(losses, filled);
    filled += losses.length;
  }
  return all;
}
