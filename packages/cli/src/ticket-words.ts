import { loadDataset } from '@winning-tickets/datasets';
import type { TicketWords } from '@winning-tickets/report';
import type { Run } from '@winning-tickets/train';
import { readStageTicket } from '@winning-tickets/train';
import { liveStructure, pathWeights, resolveNetwork, strongestInputs } from '@winning-tickets/ticket';
import { stagesToExport } from './exporting.js';

/** Enough to see what a class is about. */
const WORDS_PER_CLASS = 12;

/**
 * The words that a run's exported tickets read, class by class; none of a run that is not over bags of words, or whose
 * network has other layers than dense ones.
 */
export async function ticketWords(run: Run): Promise<TicketWords[]> {
  if (run.experiment.dataset.text?.kind !== 'bag') return [];
  const found = [];
  for (const stage of stagesToExport(run, undefined)) {
    const ticket = await readStageTicket(run, stage);
    const network = resolveNetwork(ticket.metadata.network);
    const weights = pathWeights(network, ticket.best);
    const { vocabulary } = ticket;
    if (!weights || !vocabulary) continue;
    const { inputs } = liveStructure(network, ticket.best);
    const sizes = await testSizes(run, ticket.metadata.dataset.classNames.length);
    const strongest = strongestInputs(weights, WORDS_PER_CLASS);
    const classes = ticket.metadata.dataset.classNames.map((name, index) => ({
      name,
      documents: sizes[index] ?? 0,
      words: (strongest[index] ?? []).map((word) => vocabulary[word] ?? ''),
    }));
    found.push({
      trial: stage.trial,
      density: stage.density,
      liveWords: inputs.live,
      totalWords: inputs.total,
      classes: classes.toSorted((a, b) => b.documents - a.documents),
    });
  }
  return found;
}

/** Test documents of each class. */
async function testSizes(run: Run, classes: number): Promise<number[]> {
  const { test } = await loadDataset(run.experiment.dataset);
  const sizes = new Array<number>(classes).fill(0);
  test.labels.data.forEach((value, index) => {
    const label = test.labels.dtype === 'int32' ? value : index % classes;
    sizes[label] = (sizes[label] ?? 0) + (test.labels.dtype === 'int32' ? 1 : value);
  });
  return sizes;
}
