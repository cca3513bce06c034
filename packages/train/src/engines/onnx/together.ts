import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { stackGraph } from '@winning-tickets/onnx';
import type { TogetherStep, TrainingJob } from '../../engine.js';
import type { Session } from './session.js';
import type { Trained } from './steps.js';
import { prefixed, stepFeeds, trained } from './steps.js';
import { trainingGraph } from './training-graph.js';
import { openTrainingSession } from './training-session.js';

/** Runs several trainings as one: see `TrainingProgram.runTogether`. */
export interface TogetherRunner {
  readonly run: (trainings: readonly TogetherStep[]) => Promise<Trained[]>;
  dispose(): Promise<void>;
}

/**
 * Runs trainings of a job side by side in one graph, the training graph stacked (`stackGraph`): one operator call
 * serves all of them. The samples are shared; weights, masks, batches and step sizes are each training's own.
 *
 * It trains whole networks under their masks: what each training could leave out differs from one to the other.
 */
export function togetherRunner(job: TrainingJob): TogetherRunner {
  const sessions = new Map<number, Promise<Session>>();
  const sessionFor = (members: number): Promise<Session> => {
    const session = sessions.get(members) ?? openTrainingSession(togetherGraph(job, members), job);
    sessions.set(members, session);
    return session;
  };
  return {
    run: async (trainings) => {
      expectDense(job);
      expectSameLength(trainings);
      const session = await sessionFor(trainings.length);
      const feeds = trainings.map(({ state, plan }) => ({
        ...stepFeeds(job, state, plan),
        ...prefixed('mask/', state.masks),
      }));
      const outputs = await session.run(stacked(feeds));
      return trainings.map(({ state, plan }, member) =>
        trained(memberOf(outputs, member, trainings.length), state, plan),
      );
    },
    dispose: async () => {
      for (const session of sessions.values()) await (await session).dispose();
    },
  };
}

/** The training graph of so many trainings. Their inputs have a leading axis, but for those that `isShared`. */
function togetherGraph(job: TrainingJob, members: number) {
  return stackGraph(trainingGraph(job, 'float32', 'masked'), members, (name) => !isShared(name));
}

/** The samples and the number of steps are the same for all trainings. */
function isShared(name: string): boolean {
  return name.startsWith('data.') || name === 'trips';
}

function stacked(feeds: readonly Tensors[]): Tensors {
  const [first = {}] = feeds;
  return Object.fromEntries(
    Object.keys(first).map((name) => {
      const parts = feeds.flatMap((own) => own[name] ?? []);
      return [name, isShared(name) ? given(parts, 0) : joined(parts)];
    }),
  );
}

/** Tensors of one shape as one, along a new leading axis. */
function joined(parts: readonly Tensor[]): Tensor {
  const { dtype, shape, data } = given(parts, 0);
  const all = new (data.constructor as new (length: number) => Tensor['data'])(data.length * parts.length);
  parts.forEach((part, index) => {
    // The parts have one dtype, which the types cannot say.
    (all as Float32Array).set(part.data as Float32Array, index * data.length);
  });
  return { dtype, shape: [parts.length, ...shape], data: all };
}

function memberOf(outputs: Tensors, member: number, members: number): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape, data }]) => {
      const size = data.length / members;
      const own = data.slice(member * size, (member + 1) * size);
      return [name, { dtype, shape: shape.slice(1), data: own }];
    }),
  );
}

function expectDense({ train: { inputs } }: TrainingJob): void {
  if ('offsets' in inputs) {
    throw new Error('trainings over sparse samples cannot run together: every batch has columns of its own');
  }
}

function expectSameLength(trainings: readonly TogetherStep[]): void {
  const lengths = new Set(trainings.map(({ plan }) => plan.rates.length));
  if (lengths.size !== 1) {
    throw new RangeError(`trainings run together for as many steps each, found ${[...lengths].join(', ')}`);
  }
}

function given(parts: readonly Tensor[], index: number): Tensor {
  const part = parts[index];
  if (!part) throw new Error('trainings that run together have the same inputs');
  return part;
}
