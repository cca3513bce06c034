const mnist = { id: 'mnist', validation: 5000, splitSeed: 0 };

const bags = {
  id: 'reuters-46',
  validation: 1000,
  splitSeed: 0,
  text: { kind: 'bag', words: 10000, weights: 'binary' },
};

/**
 * The networks that can be compared, by name; networks.py has the other side. Adam, and for images the paper's batch size
 * and rate (Frankle & Carbin 2019, figure 2). A block is `steps` long, about a second; the `leadIn` steps before it are
 * not timed, because another side has had the caches.
 *
 * @typedef {{batchSize: number, optimizer: {kind: 'adam', rate: number}, steps: number, leadIn: number,
 *   dataset: import('@winning-tickets/datasets').DatasetSource}} Compared
 * @type {Record<string, Compared>}
 */
export const networks = {
  'lenet-300-100': {
    batchSize: 60,
    optimizer: { kind: 'adam', rate: 0.0012 },
    steps: 200,
    leadIn: 50,
    dataset: mnist,
  },
  'lenet-5': {
    batchSize: 60,
    optimizer: { kind: 'adam', rate: 0.0012 },
    steps: 100,
    leadIn: 25,
    dataset: mnist,
  },
  'conv-2': { batchSize: 60, optimizer: { kind: 'adam', rate: 0.0002 }, steps: 5, leadIn: 1, dataset: mnist },
  'reuters-ffnn': {
    batchSize: 60,
    optimizer: { kind: 'adam', rate: 0.001 },
    steps: 100,
    leadIn: 25,
    dataset: bags,
  },
};
