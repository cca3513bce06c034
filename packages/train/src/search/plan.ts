import { loadDataset } from '@winning-tickets/datasets';
import { canonicalJson } from '@winning-tickets/ticket';
import { checkAgainstDataset, type Experiment, networkOf } from '../experiment.js';
import { estimate } from '../lottery/stages.js';
import type { DatasetIdentity } from '../run-store.js';
import { candidateExperiment } from './candidate-experiment.js';
import { drawCandidates } from './candidates.js';
import type { Design } from './families/family.js';
import type { Search } from './search.js';

/** A candidate before it is trained: a design that is fitted to its data. */
export interface PlannedCandidate {
  readonly design: Design;
  /** An ordinary experiment, of the whole network alone. */
  readonly experiment: Experiment;
  /** Numbers that the network learns, biases included. */
  readonly parameters: number;
}

/** What a search is going to do. */
export interface SearchPlan {
  readonly dataset: DatasetIdentity;
  /** In the order in which they are trained. */
  readonly candidates: readonly PlannedCandidate[];
  /** Bytes on disk of all of them, histories aside. */
  readonly bytes: number;
}

/**
 * Draws a search's candidates and fits them to their data, which are read once for each way of reading a text. Writes
 * nothing.
 *
 * @throws Error with one sentence when the search does not fit its data.
 */
export async function planSearch(search: Search, source: string): Promise<SearchPlan> {
  const designs = drawCandidates(search, source);
  const planned = new Map<Design, PlannedCandidate>();
  let identity: DatasetIdentity | undefined;
  let bytes = 0;
  for (const alike of readAlike(designs)) {
    const dataset = await loadDataset({ ...search.dataset, text: alike[0]?.text });
    identity = { id: dataset.id, checksum: dataset.checksum };
    for (const design of alike) {
      const experiment = candidateExperiment(search, design, dataset, source);
      checkAgainstDataset(experiment, dataset, source);
      const size = estimate(experiment, networkOf(experiment, dataset));
      bytes += size.bytes;
      planned.set(design, { design, experiment, parameters: size.parameters });
    }
  }
  if (!identity) throw new Error(`${source}: no candidate was drawn`);
  return { dataset: identity, candidates: designs.flatMap((each) => planned.get(each) ?? []), bytes };
}

/** The designs in groups that read the data in the same way. */
function readAlike(designs: readonly Design[]): (readonly Design[])[] {
  const groups = new Map<string, Design[]>();
  for (const design of designs) {
    const key = canonicalJson(design.text ?? null);
    groups.set(key, [...(groups.get(key) ?? []), design]);
  }
  return [...groups.values()];
}
