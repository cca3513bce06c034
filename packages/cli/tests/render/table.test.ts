import { expect, test } from 'vitest';
import { renderFacts, renderTable } from '../../src/render/table.js';

const plain = { bold: (text: string | number | null | undefined) => `<${text ?? ''}>` };

test('text stands to the left and numbers to the right, headers in bold', () => {
  const table = {
    headers: ['name', 'kind', 'size'],
    rows: [
      ['a', 'dense', '5'],
      ['longer', 'x', '1234'],
    ],
  };
  expect(renderTable(table, plain)).toBe(
    ['<name    kind   size>', 'a       dense     5', 'longer  x      1234'].join('\n'),
  );
});

test('facts stand below each other', () => {
  expect(
    renderFacts([
      ['a', '1'],
      ['long', '2'],
    ]),
  ).toBe('a     1\nlong  2');
});
