/**
 * The networks that can be compared, by name; networks.py has the other side. Adam, and the paper's batch size and
 * rate (Frankle & Carbin 2019, figure 2). A block is `steps` long, about a second; the `leadIn` steps before it are
 * not timed, because another side has had the caches.
 */
export const networks = {
  'lenet-300-100': { batchSize: 60, optimizer: { kind: 'adam', rate: 0.0012 }, steps: 200, leadIn: 50 },
  'lenet-5': { batchSize: 60, optimizer: { kind: 'adam', rate: 0.0012 }, steps: 100, leadIn: 25 },
  'conv-2': { batchSize: 60, optimizer: { kind: 'adam', rate: 0.0002 }, steps: 5, leadIn: 1 },
};
