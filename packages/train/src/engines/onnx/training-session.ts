import type { Graph } from '@winning-tickets/onnx';
import { withConstants } from '@winning-tickets/onnx';
import type { TrainingJob } from '../../engine.js';
import { sampleFeeds } from './input.js';
import type { Session } from './session.js';
import { openSession } from './session.js';

/**
 * Loads a training graph of a job. On the CPU nothing copies the samples; another device would fetch them at every call,
 * so there they are constants of the graph, which it keeps.
 */
export async function openTrainingSession(graph: Graph, job: TrainingJob): Promise<Session> {
  if (job.device === undefined || job.device === 'cpu') return openSession(graph, job);
  const samples = sampleFeeds(job.train);
  const session = await openSession(withConstants(graph, samples), job);
  return {
    run: (inputs) =>
      session.run(Object.fromEntries(Object.entries(inputs).filter(([name]) => !(name in samples)))),
    dispose: () => session.dispose(),
  };
}
