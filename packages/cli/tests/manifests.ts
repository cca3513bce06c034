import type { StageManifest } from '@winning-tickets/train';

/** The manifest of a finished stage that is as good as given at both points. */
export function manifest(
  facts: Pick<StageManifest, 'trial' | 'branch' | 'level' | 'density'> & {
    accuracy: number;
    iteration: number;
  },
): StageManifest {
  const { accuracy, iteration, ...key } = facts;
  const measured = {
    iteration,
    validationLoss: 0.1,
    validationAccuracy: accuracy,
    testLoss: 0.1,
    testAccuracy: accuracy,
  };
  return {
    schema: 1,
    ...key,
    seed: 1,
    ticket: 'ticket-000000000000.ticket',
    ticketHash: '0'.repeat(64),
    layerDensities: {},
    survivors: 1,
    total: 1,
    metrics: { best: measured, end: measured },
    iterations: 3000,
    seconds: 1,
    stepMicros: 1,
    finishedAt: '2026-01-01T00:00:00.000Z',
  };
}
