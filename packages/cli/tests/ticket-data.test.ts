import type { TicketMetadata } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { recordedData } from '../src/ticket-data.js';

const metadataOf = (experiment: unknown) =>
  ({
    dataset: {
      id: 'reuters-46',
      checksum: 'abc',
      classNames: ['a'],
      inputShape: [20],
      inputScale: 1,
      split: { seed: 3, train: 10, validation: 500, test: 7 },
    },
    experiment,
  }) as unknown as TicketMetadata;

describe('the data of a ticket', () => {
  const common = { id: 'reuters-46', checksum: 'abc', validation: 500, splitSeed: 3 };
  const text = { kind: 'sequence', words: 100, length: 20 };

  test('are divided as they were, and read from where and as the experiment says', () => {
    const dataset = { id: 'reuters-46', directory: '/data', validation: 500, splitSeed: 3, text };
    expect(recordedData(metadataOf({ network: 'of-a-module', dataset }))).toEqual({
      ...common,
      directory: '/data',
      text,
    });
  });

  test('are known without an experiment that can be read', () => {
    expect(recordedData(metadataOf('none'))).toEqual(common);
    expect(recordedData(metadataOf({ dataset: {} }))).toEqual(common);
  });
});
