/**
 * The networks that can be compared, by name; networks.py has the other side. Adam, and the paper's batch size and
 * rate (Frankle & Carbin 2019, figure 2).
 */
export const networks = {
  'lenet-300-100': { batchSize: 60, optimizer: { kind: 'adam', rate: 0.0012 } },
};
