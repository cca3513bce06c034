import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetIdentity } from '../run-store.js';
import { writeJson } from '../store/atomic.js';
import type { FamilyName } from './families/family.js';
import { type MeasuredBaseline, measureBaselines } from './measure-baselines.js';
import { type DivergedCandidate, finishedStages, type Outcome } from './outcome.js';
import type { PlannedCandidate } from './plan.js';
import { bestOfFamilies, ranked, type SideFigures, sideFigures, type TrainedCandidate } from './ranking.js';
import type { Search } from './search.js';
import type { SearchFolder } from './search-store.js';

/** The choice of a family, the only kind of candidate of which the test samples are asked. */
export interface ChosenCandidate {
  readonly family: FamilyName;
  readonly name: string;
  readonly run: string;
  /** The experiment file in the search's folder that goes on with it. */
  readonly experiment: string;
  readonly test: SideFigures;
}

/** What a finished search found. */
export interface SearchResult {
  readonly schema: 1;
  readonly search: Search;
  readonly hash: string;
  readonly dataset: DatasetIdentity;
  /** All trained candidates, best first; see `ranked`. */
  readonly ranking: readonly TrainedCandidate[];
  readonly diverged: readonly DivergedCandidate[];
  /** The best of each family, best first. */
  readonly chosen: readonly ChosenCandidate[];
  readonly baselines: readonly MeasuredBaseline[];
}

/**
 * Draws the conclusion of a search whose candidates have all ended: ranks them by what the validation samples say,
 * chooses the best of each family, reads the test figures of those alone, and measures the baselines. Writes
 * `result.json` and, for each choice, `chosen/<family>.json`, the experiment to go on with.
 */
export async function concludeSearch(
  opened: SearchFolder,
  ended: ReadonlyMap<PlannedCandidate, Outcome>,
): Promise<SearchResult> {
  const { folder, search, hash, dataset } = opened;
  const outcomes = [...ended.values()];
  const ranking = ranked(outcomes.flatMap((each) => (each.type === 'trained' ? [each.candidate] : [])));
  const diverged = outcomes.flatMap((each) => (each.type === 'diverged' ? [each.candidate] : []));
  const chosen: ChosenCandidate[] = [];
  for (const best of bestOfFamilies(ranking)) {
    const winner = [...ended].find(([, { candidate }]) => candidate === best)?.[0];
    if (winner) chosen.push(await chosenCandidate(opened, winner, best));
  }
  const baselines = await measureBaselines(search, vocabularySize([...ended.keys()]));
  const result: SearchResult = {
    schema: 1,
    ...{ search, hash, dataset, ranking, diverged, chosen, baselines },
  };
  await writeJson(join(folder, 'result.json'), result);
  return result;
}

async function chosenCandidate(
  opened: SearchFolder,
  planned: PlannedCandidate,
  { family, name, run }: TrainedCandidate,
): Promise<ChosenCandidate> {
  const experiment = `chosen/${family}.json`;
  await mkdir(join(opened.folder, 'chosen'), { recursive: true });
  await writeJson(join(opened.folder, experiment), planned.experiment);
  return { family, name, run, experiment, test: sideFigures(await finishedStages(opened, planned), 'test') };
}

/** The largest vocabulary that a candidate has; undefined for images. */
function vocabularySize(candidates: readonly PlannedCandidate[]): number | undefined {
  const sizes = candidates.flatMap(({ design }) => design.text?.words ?? []);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
