import type { Run, TrainedStage } from '@winning-tickets/train';
import { readHistory } from '@winning-tickets/train';

/** The finished stages of a run, each with the course of its training. @throws Error when a file cannot be read */
export function withHistories(run: Run): Promise<TrainedStage[]> {
  return Promise.all(run.stages.map(async (stage) => ({ ...stage, history: await readHistory(run, stage) })));
}
