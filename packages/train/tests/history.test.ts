import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestEvaluation, evaluationIterations, parseHistory } from '../src/history.js';

const evaluation = (iteration: number, validationLoss: number) => ({
  iteration,
  validationLoss,
  validationAccuracy: 0.9,
  trainingLoss: 0.2,
});

describe('the best evaluation', () => {
  test('is the one of lowest validation loss', () => {
    const evaluations = [evaluation(100, 0.3), evaluation(200, 0.1), evaluation(300, 0.2)];
    expect(bestEvaluation(evaluations)?.iteration).toBe(200);
  });

  test('is the earliest of equals', () => {
    expect(bestEvaluation([evaluation(100, 0.1), evaluation(200, 0.1)])?.iteration).toBe(100);
  });

  test('does not exist before the first', () => {
    expect(bestEvaluation([])).toBeUndefined();
  });
});

describe('a training is evaluated', () => {
  test('at every multiple, the last iteration included', () => {
    expect(evaluationIterations(300, 100)).toEqual([100, 200, 300]);
    expect(evaluationIterations(250, 100)).toEqual([100, 200, 250]);
    expect(evaluationIterations(1, 1)).toEqual([1]);
  });

  test('at its end and never later, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (iterations, every) => {
        const points = evaluationIterations(iterations, every);
        const steps = points.map((point, index) => point - (points[index - 1] ?? 0));
        expect(points.at(-1)).toBe(iterations);
        expect(steps.every((step) => step > 0 && step <= every)).toBe(true);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

test('a history survives being written and read', () => {
  const history = { schema: 1, evaluations: [evaluation(100, 0.3), evaluation(200, 0.25)] };
  expect(parseHistory(JSON.parse(JSON.stringify(history)), 'history.json')).toEqual(history);
});

describe('malformed', () => {
  test.each([
    [{ schema: 2, evaluations: [] }, /^history.json: 'schema' must be one of 1, found 2$/],
    [{ schema: 1 }, /^history.json: 'evaluations' must be of type array, found nothing$/],
    [
      { schema: 1, evaluations: [{ ...evaluation(1, 1), validationLoss: null }] },
      /'evaluations\[0\].validationLoss'/,
    ],
    [
      { schema: 1, evaluations: [evaluation(-1, 1)] },
      /'evaluations\[0\].iteration' must be at least 0, found -1$/,
    ],
  ])('%j is refused, saying where', (value, message) => {
    expect(() => parseHistory(value, 'history.json')).toThrow(message);
  });
});
