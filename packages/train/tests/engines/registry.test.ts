import { expect, test } from 'vitest';
import { allEngines, engineNamed } from '../../src/engines/registry.js';

test('every engine is found by its name, and names differ', () => {
  const names = allEngines().map(({ name }) => name);
  expect(names).toContain('onnx');
  expect(new Set(names).size).toBe(names.length);
  for (const engine of allEngines()) expect(engineNamed(engine.name)).toBe(engine);
});

test('an engine that does not exist is refused, naming those that do', () => {
  expect(() => engineNamed('abacus')).toThrow("unknown engine 'abacus': there is onnx");
});
