import { expect, test } from 'vitest';
import { operatorNamed, operatorNames } from '../../src/index.js';

test('operators are found by their ONNX names, listed in order', () => {
  const names = operatorNames();
  expect(names).toEqual([...names].sort());
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(operatorNamed(name).op).toBe(name);
});

test('every operator runs on the CPU, and says in which dtypes', () => {
  for (const operator of operatorNames().map(operatorNamed)) {
    expect(operator.providers).toContain('cpu');
    expect(operator.dtypes.length).toBeGreaterThan(0);
  }
});

test('an operator that is not known is refused, saying what to do', () => {
  expect(() => operatorNamed('Einsum')).toThrow(
    "operator 'Einsum' is not known here: add a file for it in operators/",
  );
});
