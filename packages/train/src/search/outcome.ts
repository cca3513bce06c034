import { basename, join } from 'node:path';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { stagesOf } from '../lottery/stages.js';
import { isRun, runFolderPath } from '../run-store.js';
import { writeJson } from '../store/atomic.js';
import { readJsonIfPresent } from '../store/read-file.js';
import { readRun } from '../store/read-run.js';
import type { PlannedCandidate } from './plan.js';
import { type TrainedCandidate, trainedCandidate } from './ranking.js';
import type { SearchFolder } from './search-store.js';

/** A candidate whose training diverged: none that can win, but no reason to end a search either. */
export interface DivergedCandidate extends Pick<
  TrainedCandidate,
  'family' | 'name' | 'run' | 'choice' | 'parameters'
> {
  /** Why, in one sentence. */
  readonly message: string;
}

/** How a candidate's trainings have ended. */
export type Outcome =
  | { readonly type: 'trained'; readonly candidate: TrainedCandidate }
  | { readonly type: 'diverged'; readonly candidate: DivergedCandidate };

/** Where a candidate's run lies. */
export function candidateFolder({ folder, dataset }: SearchFolder, { experiment }: PlannedCandidate): string {
  return runFolderPath({ root: folder, experiment, dataset });
}

/** How a candidate has ended, as its run on disk tells; undefined when it is not finished. @throws Error of damaged files */
export async function readOutcome(
  search: SearchFolder,
  planned: PlannedCandidate,
): Promise<Outcome | undefined> {
  const path = candidateFolder(search, planned);
  const { design, experiment, parameters } = planned;
  const about = {
    family: design.family,
    name: experiment.name,
    run: basename(path),
    choice: design.choice,
    parameters,
  };
  const message = await readDivergence(path);
  if (message !== undefined) return { type: 'diverged', candidate: { ...about, message } };
  if (!(await isRun(path))) return undefined;
  const stages = await finishedStages(search, planned);
  if (stages.length < stagesOf(experiment).length) return undefined;
  return { type: 'trained', candidate: trainedCandidate(about, stages) };
}

/** The finished stages of a candidate that has a run. */
export async function finishedStages(search: SearchFolder, planned: PlannedCandidate) {
  const { stages } = await readRun(candidateFolder(search, planned));
  // A run that was begun with a larger budget may have more trials than are asked for now.
  return stages.filter(({ trial }) => trial <= planned.experiment.trials);
}

const divergenceFileName = 'diverged.json';

const divergenceSchema = z.object({ schema: z.literal(1), message: z.string() });

/** Whether a training failed because its loss stopped being a number, as `trainStage` says it. */
export function isDivergence(error: unknown): error is Error {
  return error instanceof Error && error.message.includes('the loss is no longer a finite number');
}

/** Records that a candidate diverged, so that it is not trained again. */
export async function writeDivergence(
  search: SearchFolder,
  planned: PlannedCandidate,
  message: string,
): Promise<void> {
  await writeJson(join(candidateFolder(search, planned), divergenceFileName), { schema: 1, message });
}

async function readDivergence(folder: string): Promise<string | undefined> {
  const path = join(folder, divergenceFileName);
  const json = await readJsonIfPresent(path, 100_000);
  return json === undefined ? undefined : parse(divergenceSchema, json, path).message;
}
