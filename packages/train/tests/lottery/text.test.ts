import { loadDataset } from '@winning-tickets/datasets';
import { expect, test } from 'vitest';
import { resolveExperiment } from '../../src/experiment.js';
import { work } from '../../src/lottery/work.js';
import { openRun } from '../../src/run-store.js';
import { readStageTicket } from '../../src/store/stage.js';
import { inFolder } from '../support/stages.js';

const text = { kind: 'sequence', words: 200, length: 20 } as const;
const source = { id: 'reuters-46', validation: 898, splitSeed: 0, text };
const dataset = await loadDataset(source);

test('a ticket over text holds the words that it was trained on, and says how text became numbers', () =>
  inFolder(async (root) => {
    const experiment = resolveExperiment({
      name: 'words',
      dataset: source,
      network: {
        name: 'words',
        input: [20],
        layers: [
          { kind: 'embedding', vocabulary: 202, size: 4 },
          { kind: 'globalmaxpool' },
          { kind: 'dense', units: 46 },
        ],
      },
      optimizer: { kind: 'adam', rate: 0.01 },
      batchSize: 16,
      iterations: 5,
      evaluateEvery: 5,
      pruning: { rate: 0.2, levels: 0 },
      trials: 1,
      seed: 1,
    });
    const run = await openRun({ root, experiment, dataset });
    const { signal } = new AbortController();
    await work({ run, dataset, preferTrial: 1, checkpointSeconds: 0, tell: () => undefined, signal });
    const ticket = await readStageTicket(run, { trial: 1, branch: 'iterative', level: 0 });
    expect(ticket.vocabulary).toEqual(dataset.vocabulary);
    expect(ticket.wordWeights).toBeUndefined();
    expect(ticket.metadata.dataset).toMatchObject({ id: 'reuters-46', text, words: 202, inputShape: [20] });
  }));
