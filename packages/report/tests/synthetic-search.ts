import type { SearchResult, TrainedCandidate } from '@winning-tickets/train';

function candidate(
  family: TrainedCandidate['family'],
  number: number,
  [accuracy, parameters, stepMicros]: readonly [number, number, number],
): TrainedCandidate {
  const name = `${family}-${number}`;
  return {
    family,
    ...{ name, run: `${name}-0123456789ab` },
    choice: family === 'cnn' ? { windows: [3, 4, 5], rate: 0.001 } : { hidden: 64 * number, rate: 0.001 },
    validation: { accuracy, macroF1: accuracy - 0.2, loss: 1 - accuracy },
    ...{ iteration: 400 + number, parameters, stepMicros, seconds: stepMicros / 1000, trials: 1 },
  };
}

/** A finished search of two candidates per family, best first, with one that diverged and both baselines. */
export function syntheticSearch(changes: Partial<SearchResult> = {}): SearchResult {
  const ranking = [
    candidate('cnn', 1, [0.91, 1_445_806, 95_000]),
    candidate('ffnn', 2, [0.9, 1_286_062, 7_600]),
    candidate('ffnn', 1, [0.89, 643_000, 4_100]),
    candidate('linear', 1, [0.88, 460_046, 2_700]),
    candidate('cnn', 2, [0.87, 720_000, 41_000]),
    candidate('linear', 2, [0.8, 230_046, 1_300]),
  ];
  const chosen = ['cnn-1', 'ffnn-2', 'linear-1'].flatMap((name) =>
    ranking
      .filter((one) => one.name === name)
      .map(({ family, run, validation }) => ({
        ...{ family, name, run, experiment: `chosen/${family}.json` },
        test: { ...validation, accuracy: validation.accuracy - 0.01 },
      })),
  );
  const agreement = (accuracy: number) => ({ accuracy, macroF1: accuracy / 2 });
  return {
    schema: 1,
    search: {
      name: 'synthetic',
      dataset: { id: 'reuters-46', validation: 1000, splitSeed: 0 },
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      ...{ threads: 1, batchSize: 60, iterations: 900, evaluateEvery: 50, seed: 1 },
      families: { linear: { words: [10_000], weights: ['binary'], rate: [0.001] } },
      budget: { candidates: 7, trials: 1 },
    },
    hash: '0123456789ab',
    dataset: { id: 'reuters-46', checksum: 'd'.repeat(64) },
    ranking,
    diverged: [
      {
        ...{ family: 'linear', name: 'linear-3', run: 'linear-3-0123456789ab', choice: { rate: 1e38 } },
        ...{ parameters: 460_046, message: 'the loss is no longer a finite number' },
      },
    ],
    chosen,
    baselines: [
      {
        ...{ name: 'majority class', about: 'the most frequent class' },
        ...{ validation: agreement(0.353), test: agreement(0.354) },
      },
      {
        ...{ name: 'naive Bayes', about: 'multinomial, alpha 1, counts of 10000 words' },
        ...{ validation: agreement(0.828), test: agreement(0.821) },
      },
    ],
    ...changes,
  };
}
