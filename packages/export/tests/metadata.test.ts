import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportTicket } from '../src/index.js';
import { makeTicket, sampleEncodings, smallNetwork } from './support/tickets.js';

const ticket = makeTicket({ network: smallNetwork, densities: () => 0.5, seed: 21 });

describe("a model's metadata", () => {
  it('tell the ticket, how it is encoded, and how to feed it', () => {
    expect(exportTicket(ticket, 'sparse').metadata).toEqual({
      'tickets.format': '1',
      'tickets.ticket': ticket.hash,
      'tickets.encoding': 'sparse',
      'tickets.network': 'small',
      'tickets.branch': 'iterative',
      'tickets.trial': '1',
      'tickets.level': '3',
      'tickets.density': String(ticket.metadata.density),
      'tickets.dataset': 'mnist',
      'tickets.datasetChecksum': 'ab'.repeat(32),
      'tickets.split': '{"validation":5000,"seed":0}',
      'tickets.inputShape': '[2,3]',
      'tickets.inputScale': String(1 / 255),
      'tickets.classNames': '["class “0”","class “1”","class “2”"]',
      'tickets.test.samples': '10000',
      'tickets.test.accuracy': '0.96',
      'tickets.test.loss': '0.12',
    });
  });

  it('are the same in every encoding but for what the encoding adds', () => {
    const common = exportTicket(ticket, 'dense').metadata;
    for (const encoding of sampleEncodings) {
      expect(exportTicket(ticket, encoding).metadata).toMatchObject({
        ...common,
        'tickets.encoding': encoding,
      });
    }
  });

  it('list the live inputs only where the model takes just these', () => {
    const live = exportTicket(ticket, 'compact', { liveInputs: true }).metadata['tickets.liveInputs'];
    expect(live).toMatch(/^\[\d(,\d)*\]$/);
    for (const encoding of sampleEncodings) {
      expect(exportTicket(ticket, encoding).metadata).not.toHaveProperty(['tickets.liveInputs']);
    }
  });

  it('name the software and its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(exportTicket(ticket, 'dense').producer).toEqual({ name: 'winning-tickets', version });
  });
});
