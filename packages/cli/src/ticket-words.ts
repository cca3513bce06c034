import type { Samples } from '@winning-tickets/datasets';
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
  const { test, classNames } = await loadDataset(run.experiment.dataset);
  const sizes = sizesOf(test.labels, classNames.length);
  const found = [];
  for (const stage of stagesToExport(run, undefined)) {
    const ticket = await readStageTicket(run, stage);
    const network = resolveNetwork(ticket.metadata.network);
    const weights = pathWeights(network, ticket.best);
    const { vocabulary } = ticket;
    if (!weights || !vocabulary) continue;
    const { inputs } = liveStructure(network, ticket.best);
    const strongest = strongestInputs(weights, WORDS_PER_CLASS);
    const classes = classNames.map((name, index) => ({
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

/** Documents of each class. */
function sizesOf(labels: Samples['labels'], classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  labels.data.forEach((value, index) => {
    const label = labels.dtype === 'int32' ? value : index % classes;
    sizes[label] = (sizes[label] ?? 0) + (labels.dtype === 'int32' ? 1 : value);
  });
  return sizes;
}
