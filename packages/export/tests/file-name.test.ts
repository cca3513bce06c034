import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFileName, exportTicket } from '../src/index.js';
import { makeTicket, smallNetwork } from './support/tickets.js';

const recipe = { network: smallNetwork, densities: () => 1, seed: 51 };

describe('the name of an exported file', () => {
  it('tells network, trial, branch, level, density and encoding', () => {
    expect(exportFileName(exportTicket(makeTicket(recipe), 'sparse'))).toBe(
      'small-trial1-iterative-level3-density1-sparse.onnx',
    );
  });

  it('leads to no other folder and stays short, whatever a ticket calls itself', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary', maxLength: 300 }),
      fc.constantFrom('../../etc/x', '/', '..', 'C:\\x', '…'),
    );
    fc.assert(
      fc.property(text, text, (name, branch) => {
        const network = { ...smallNetwork, name };
        const ticket = makeTicket({ ...recipe, network, metadata: { network, branch } });
        const file = exportFileName(exportTicket(ticket, 'dense'));
        expect(file).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*-dense\.onnx$/);
        expect(file.length).toBeLessThan(200);
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});
