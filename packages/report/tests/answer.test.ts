import type { BenchResult, ModelResult, RatedBatch } from '@winning-tickets/bench';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersOf, answerText } from '../src/answer.js';

interface Row {
  readonly ratio: number | null;
  readonly verdict?: RatedBatch['verdict'];
  readonly accuracy?: number;
  readonly by?: NonNullable<RatedBatch['bound']>['by'];
}

/** A benchmark of which only what answers read is filled in: the baseline, then rows at batch 1. */
function benchOf(rows: readonly Row[], baselineAccuracy?: number): BenchResult {
  const model = (file: string, { ratio, verdict, accuracy, by }: Row) =>
    ({
      file,
      name: file,
      ...(accuracy === undefined ? {} : { testAccuracy: { dataset: 'mnist', accuracy, samples: 1 } }),
      batches: [
        {
          batch: 1,
          ratioToBaseline: ratio === null ? null : { ratio, low: ratio * 0.9, high: ratio * 1.1 },
          verdict,
          ...(by ? { bound: { by } } : {}),
        },
      ],
    }) as unknown as ModelResult;
  const baseline: Row = {
    ratio: 1,
    ...(baselineAccuracy === undefined ? {} : { accuracy: baselineAccuracy }),
  };
  return {
    baseline: 'base',
    models: [model('base', baseline), ...rows.map((row, index) => model(`m${index}`, row))],
  } as unknown as BenchResult;
}

const textOf = (bench: BenchResult) =>
  answersOf(bench).map((answer) => answerText(answer, bench, ({ name }) => name));

const anyRow = fc.record({
  ratio: fc.option(fc.double({ min: 0.01, max: 10, noNaN: true })),
  verdict: fc.constantFrom('faster' as const, 'same' as const, 'slower' as const, undefined),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('the answer of a benchmark', () => {
  it('is a model that is claimed faster wherever there is one, and of those the one of the least ratio', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 6 }), (rows) => {
        const [answer] = answersOf(benchOf(rows, 0.5));
        const compared = rows.filter(({ ratio }) => ratio !== null);
        if (compared.length === 0) {
          expect(answer).toBeUndefined();
          return;
        }
        const claimed = compared.filter(({ verdict }) => verdict === 'faster');
        const ratios = (claimed.length > 0 ? claimed : compared).map(({ ratio }) => ratio ?? NaN);
        expect(answer?.fastest.ratio.ratio).toBe(Math.min(...ratios));
        const accurate = answer?.fastestAsAccurate;
        if (accurate) {
          expect(accurate.model.testAccuracy?.accuracy).toBeGreaterThanOrEqual(0.5);
          expect(accurate.model).not.toBe(answer.fastest.model);
        }
      }),
    );
  });

  it('says how much faster, what bounds it, and what holds at the accuracy of the baseline', () => {
    const rows = [
      { ratio: 0.25, verdict: 'faster', accuracy: 0.9, by: 'operators' },
      { ratio: 0.5, verdict: 'faster', accuracy: 0.98 },
    ] as const;
    expect(textOf(benchOf(rows, 0.97))).toEqual([
      'At batch 1 the fastest is m0 (accuracy 90.00 %, baseline 97.00 %): 4.00 times as fast as base [3.64 to 4.44]. ' +
        'It is bound by starting its operators. Of those at least as accurate it is m1: 2.00 times as fast [1.82 to 2.22].',
    ]);
    expect(textOf(benchOf(rows.slice(0, 1), 0.97))[0]).not.toContain('Of those');
    expect(textOf(benchOf([rows[0], { ratio: 1.2, verdict: 'slower', accuracy: 1 }], 0.97))[0]).toContain(
      'None of those at least as accurate can be told to be faster.',
    );
  });

  it('claims nothing that the measurement does not', () => {
    const of = (verdict: RatedBatch['verdict']) => textOf(benchOf([{ ratio: 0.8, verdict }]))[0];
    expect(of('same')).toMatch(/^At batch 1 no model can be told to be faster than base; the nearest is m0:/);
    expect(of('slower')).toMatch(/^At batch 1 every model is slower than base;/);
    expect(of(undefined)).toMatch(/^At batch 1 it is not known whether a model is faster than base;/);
  });

  it('is one for each batch size, ascending, and none where nothing was compared', () => {
    const bench = benchOf([{ ratio: 0.5 }]);
    const [base, model] = bench.models;
    if (!base || !model) throw new Error('two models were expected');
    const at = (batch: number) => model.batches.map((timed) => ({ ...timed, batch }));
    const several = { ...bench, models: [base, { ...model, batches: [...at(32), ...at(4)] }] };
    expect(answersOf(several).map(({ batch }) => batch)).toEqual([4, 32]);
    expect(answersOf({ ...bench, models: [base] })).toEqual([]);
  });
});
