import type { BenchResult, Bound, ModelResult, RatedBatch, Ratio } from '@winning-tickets/bench';

/** One model beside the baseline at one batch size. */
export interface Contender {
  readonly model: ModelResult;
  readonly ratio: Ratio;
  readonly verdict: RatedBatch['verdict'];
  /** What bounds the model's time, where it is known. */
  readonly boundBy: Bound['by'] | undefined;
}

/** What a benchmark says of one batch size. */
export interface Answer {
  readonly batch: number;
  /** The model of the least ratio among those that are claimed faster; without one, among all. */
  readonly fastest: Contender;
  /**
   * The same among the models that classify at least as many test samples right as the baseline; absent where that is
   * `fastest`, where there is none, and where accuracies are not known.
   */
  readonly fastestAsAccurate?: Contender;
}

/** The answer to "what is gained?", batch size by batch size, ascending; where nothing was compared there is none. */
export function answersOf(bench: BenchResult): Answer[] {
  const baseline = bench.models.find(({ file }) => file === bench.baseline);
  const needed = baseline?.testAccuracy?.accuracy;
  const batches = [...new Set(bench.models.flatMap((model) => model.batches.map(({ batch }) => batch)))];
  return batches
    .sort((a, b) => a - b)
    .flatMap((batch): Answer[] => {
      const contenders = bench.models.flatMap((model) =>
        model.file === bench.baseline ? [] : contendersOf(model, batch),
      );
      const fastest = leastOf(contenders);
      if (!fastest) return [];
      const accurate =
        needed === undefined
          ? undefined
          : leastOf(contenders.filter(({ model }) => (model.testAccuracy?.accuracy ?? -1) >= needed));
      return [
        { batch, fastest, ...(accurate && accurate !== fastest ? { fastestAsAccurate: accurate } : {}) },
      ];
    });
}

function contendersOf(model: ModelResult, batch: number): Contender[] {
  return model.batches
    .filter((timed) => timed.batch === batch)
    .flatMap(({ ratioToBaseline: ratio, verdict, bound }) =>
      ratio ? [{ model, ratio, verdict, boundBy: bound?.by }] : [],
    );
}

function leastOf(contenders: readonly Contender[]): Contender | undefined {
  const claimed = contenders.filter(({ verdict }) => verdict === 'faster');
  return (claimed.length > 0 ? claimed : contenders).toSorted((a, b) => a.ratio.ratio - b.ratio.ratio)[0];
}

const boundWords: Record<Bound['by'], string> = {
  call: 'the fixed cost of a call',
  operators: 'starting its operators',
  memory: 'moving bytes through memory',
  compute: 'arithmetic',
  'host transfer': 'carrying inputs and outputs to the device and back',
};

/**
 * An answer in a sentence or two, such as "At batch 1 the fastest is compact 3.6 %: 4.2 times as fast as dense [4.1 to
 * 4.3], bound by starting its operators."
 *
 * @param labelOf what to call a model
 */
export function answerText(
  { batch, fastest, fastestAsAccurate }: Answer,
  bench: BenchResult,
  labelOf: (model: ModelResult) => string,
): string {
  const baseline = bench.models.find(({ file }) => file === bench.baseline);
  const other = baseline ? labelOf(baseline) : bench.baseline;
  const accuracies = (model: ModelResult) =>
    model.testAccuracy && baseline?.testAccuracy
      ? ` (accuracy ${percent(model.testAccuracy.accuracy)}, baseline ${percent(baseline.testAccuracy.accuracy)})`
      : '';
  const bound = fastest.boundBy ? ` It is bound by ${boundWords[fastest.boundBy]}.` : '';
  const name = `${labelOf(fastest.model)}${accuracies(fastest.model)}`;
  if (fastest.verdict !== 'faster') {
    const what =
      fastest.verdict === 'slower'
        ? 'every model is slower than'
        : fastest.verdict === 'same'
          ? 'no model can be told to be faster than'
          : 'it is not known whether a model is faster than';
    return `At batch ${batch} ${what} ${other}; the nearest is ${name}: ${speed(fastest.ratio)}.${bound}`;
  }
  const accurate =
    fastestAsAccurate?.verdict === 'faster'
      ? ` Of those at least as accurate it is ${labelOf(fastestAsAccurate.model)}: ${speed(fastestAsAccurate.ratio)}.`
      : fastestAsAccurate
        ? ' None of those at least as accurate can be told to be faster.'
        : '';
  return `At batch ${batch} the fastest is ${name}: ${speed(fastest.ratio, ` as ${other}`)}.${bound}${accurate}`;
}

/** A ratio of latencies as a speed: its reciprocal. */
function speed({ ratio, low, high }: Ratio, as = ''): string {
  const times = (value: number) => (1 / value).toFixed(2);
  return `${times(ratio)} times as fast${as} [${times(high)} to ${low > 0 ? times(low) : 'any'}]`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
