import { describe, expect, it } from 'vitest';
import { encodingNames, encodings, exportTicket } from '../../src/index.js';
import { makeTicket, smallNetwork } from '../support/tickets.js';

const ticket = makeTicket({ network: smallNetwork, densities: () => 0.5, seed: 31 });

describe('encodings', () => {
  it('have names of their own and say what they do', () => {
    expect(new Set(encodingNames()).size).toBe(encodings.length);
    expect(encodingNames()).toEqual(expect.arrayContaining(['dense', 'sparse', 'compact']));
    for (const { summary } of encodings) expect(summary).toMatch(/^[^\n]{10,}$/);
  });
});

describe('a wrong request names the right one', () => {
  it('for an encoding', () => {
    expect(() => exportTicket(ticket, 'spars')).toThrow("unknown encoding 'spars'; did you mean 'sparse'?");
  });

  it('for an option', () => {
    expect(() => exportTicket(ticket, 'compact', { liveInput: true })).toThrow(
      "encoding 'compact': unknown option 'liveInput'; did you mean 'liveInputs'?",
    );
    expect(() => exportTicket(ticket, 'dense', { liveInputs: true })).toThrow(
      "encoding 'dense': unknown option 'liveInputs'; it has none",
    );
    expect(() => exportTicket(ticket, 'compact', { constructor: true })).toThrow(
      "encoding 'compact': unknown option 'constructor'",
    );
  });

  it("for an option's type", () => {
    expect(() => exportTicket(ticket, 'compact', { liveInputs: 'yes' })).toThrow(
      "encoding 'compact': option 'liveInputs' must be a boolean, found yes",
    );
  });
});
