import type { RunEvent } from '../lottery/progress.js';
import { defaultWorkers, runExperiment } from '../lottery/run-experiment.js';
import { stagesOf } from '../lottery/stages.js';
import { sideBySide } from '../side-by-side.js';
import { lockHolder } from '../store/lock.js';
import { ensureSpace } from '../store/space.js';
import { stageFolder } from '../store/stage-path.js';
import { candidateFolder, isDivergence, type Outcome, readOutcome, writeDivergence } from './outcome.js';
import { type PlannedCandidate, planSearch, type SearchPlan } from './plan.js';
import type { Search } from './search.js';
import { concludeSearch, type SearchResult } from './search-result.js';
import { openSearch, type SearchFolder } from './search-store.js';

export interface RunSearchOptions {
  readonly search: Search;
  /** The folder that all runs are in; created if need be. */
  readonly root: string;
  /** What messages call the search: its file. Default: the search's name. */
  readonly source?: string;
  /** Candidates trained side by side. Default: as many as the cores carry at the search's thread count. */
  readonly workers?: number;
  /** Seconds of training between two checkpoints. Default: that of `runExperiment`. */
  readonly checkpointSeconds?: number;
  /** Aborting it stops the trainings, each after its current chunk and with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Called before the training starts. */
  readonly onPrepared?: (prepared: PreparedSearch) => void;
  readonly onEvent?: (event: SearchEvent) => void;
}

/** What is known before the training starts. */
export interface PreparedSearch extends SearchPlan {
  readonly folder: string;
  /** Candidates that have ended earlier. */
  readonly ended: ReadonlySet<PlannedCandidate>;
  readonly workers: number;
}

/** What a search tells while it goes on. */
export type SearchEvent =
  | { readonly type: 'training'; readonly candidate: PlannedCandidate; readonly event: RunEvent }
  | { readonly type: 'ended'; readonly candidate: PlannedCandidate; readonly outcome: Outcome };

/** A search as it stands. */
export interface SearchRun {
  /** `<root>/search-<name>-<hash>`. */
  readonly folder: string;
  /** Undefined when the signal came before all candidates were trained. */
  readonly result: SearchResult | undefined;
}

/**
 * Trains the candidates of a search, or goes on with it: what is finished on disk is not done again. When all have
 * ended, see `concludeSearch`.
 *
 * Each candidate is an ordinary run in the search's folder, trained by a process of its own; several calls, in any
 * processes, may work on one search at the same time.
 *
 * @throws Error when the search does not fit its data, the disk is too small, or a training fails in another way than
 *   by diverging; in one sentence.
 */
export async function runSearch(options: RunSearchOptions): Promise<SearchRun> {
  const { search, root, source = `search '${search.name}'`, onEvent } = options;
  const plan = await planSearch(search, source);
  await ensureSpace(root, plan.bytes);
  const folder = await openSearch(root, search, plan.dataset);
  const outcomes = new Map<PlannedCandidate, Outcome>();
  for (const candidate of plan.candidates) {
    const earlier = await readOutcome(folder, candidate);
    if (earlier) outcomes.set(candidate, earlier);
  }
  const workers =
    options.workers ?? defaultWorkers({ trials: plan.candidates.length, threads: search.threads });
  options.onPrepared?.({ ...plan, folder: folder.folder, ended: new Set(outcomes.keys()), workers });
  const waiting = plan.candidates.filter((candidate) => !outcomes.has(candidate));
  await sideBySide(workers, options.signal, async (signal) => {
    for (
      let next = await take(waiting, folder);
      next && !signal.aborted;
      next = await take(waiting, folder)
    ) {
      const outcome = await train(next, folder, { ...options, source, signal });
      if (!outcome) return;
      outcomes.set(next, outcome);
      onEvent?.({ type: 'ended', candidate: next, outcome });
    }
  });
  if (outcomes.size < plan.candidates.length) return { folder: folder.folder, result: undefined };
  return { folder: folder.folder, result: await concludeSearch(folder, outcomes) };
}

/** Removes the next candidate from those that wait: the first that no other process works on, or else the first. */
async function take(
  waiting: PlannedCandidate[],
  folder: SearchFolder,
): Promise<PlannedCandidate | undefined> {
  for (const candidate of [...waiting]) {
    if (await isHeld(candidate, folder)) continue;
    const index = waiting.indexOf(candidate);
    // Taken for another process of this one meanwhile.
    if (index >= 0) return waiting.splice(index, 1)[0];
  }
  return waiting.shift();
}

async function isHeld(candidate: PlannedCandidate, folder: SearchFolder): Promise<boolean> {
  const run = { folder: candidateFolder(folder, candidate) };
  for (const stage of stagesOf(candidate.experiment)) {
    if (await lockHolder(stageFolder(run, stage))) return true;
  }
  return false;
}

/** Trains a candidate. @returns undefined when it was stopped before the end */
async function train(
  candidate: PlannedCandidate,
  folder: SearchFolder,
  { source, signal, checkpointSeconds, onEvent }: RunSearchOptions,
): Promise<Outcome | undefined> {
  try {
    await runExperiment({
      experiment: candidate.experiment,
      root: folder.folder,
      workers: 1,
      ...(source === undefined ? {} : { source }),
      ...(signal ? { signal } : {}),
      ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      onEvent: (event) => onEvent?.({ type: 'training', candidate, event }),
    });
  } catch (error) {
    if (!isDivergence(error)) throw error;
    await writeDivergence(folder, candidate, error.message);
  }
  return readOutcome(folder, candidate);
}
