import type { BenchResult } from '@winning-tickets/bench';
import type { Experiment, Stability, Trainability, TrainingCost } from '@winning-tickets/train';
import type {
  ExportSummary,
  HeldClaims,
  MaskPicture,
  ReportInput,
  ReportRun,
  ReportStage,
} from '../src/index.js';

/** Numbers in [-1, 1) that look random and are the same everywhere: the golden-ratio sequence, exact in doubles. */
function wobble(...key: readonly number[]): number {
  const mixed = key.reduce((sum, part, index) => sum + part * (index + 1) * 7919, 1) % 10_007;
  const share = (mixed * 6180) % 10_007;
  return (share / 10_007) * 2 - 1;
}

export interface RunShape {
  readonly trials?: number;
  readonly levels?: number;
  readonly controls?: readonly ('random-reinit' | 'random-mask' | 'one-shot')[];
  /** Evaluations per history; none by default. */
  readonly evaluations?: number;
}

function syntheticExperiment({
  trials = 2,
  levels = 3,
  controls = ['random-reinit'],
}: RunShape = {}): Experiment {
  return {
    name: 'synthetic',
    dataset: { id: 'mnist', validation: 5000, splitSeed: 0 },
    network: 'lenet-300-100',
    engine: 'onnx',
    device: 'cpu',
    threads: 1,
    together: 1,
    compact: true,
    optimizer: { kind: 'adam', rate: 0.0012, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 60,
    iterations: 3000,
    evaluateEvery: 100,
    pruning: {
      criterion: 'magnitude',
      scope: 'layer',
      rate: 0.2,
      layerRates: { fc3: 0.1 },
      kindRates: {},
      levels,
    },
    branches: controls.map((kind) => ({
      kind,
      levels: Array.from({ length: levels }, (_, index) => index + 1).filter(
        (level) => levels < 8 || level % 3 === 0 || level === levels,
      ),
    })),
    trials,
    seed: 1,
  };
}

const branchNumber: Readonly<Record<string, number>> = {
  iterative: 0,
  'random-reinit': 1,
  'random-mask': 2,
  'one-shot': 3,
  'shuffled-mask': 4,
  transferred: 5,
};

/** A finished stage whose numbers have the shape that tickets on MNIST have. */
export function syntheticStage(branch: string, level: number, trial: number, evaluations = 0): ReportStage {
  const density = 0.8 ** level;
  const noise = wobble(branchNumber[branch] ?? 6, level, trial);
  const bump =
    branch === 'iterative'
      ? (0.004 * Math.min(level, 6)) / 6
      : branch === 'one-shot'
        ? 0.001
        : -0.0007 * level;
  const accuracy = 0.978 + bump - (level > 12 ? 0.002 * (level - 12) : 0) + 0.001 * noise;
  const iteration = 100 * Math.round(14 - (branch === 'iterative' ? 0.4 : -0.5) * level + 2 * noise);
  const best = {
    iteration: Math.max(100, iteration),
    validationLoss: 0.08 - bump + 0.002 * noise,
    validationAccuracy: accuracy - 0.001,
    testLoss: 0.075 - bump,
    testAccuracy: Math.round(accuracy * 1e4) / 1e4,
  };
  const stage: ReportStage = {
    schema: 1,
    trial,
    branch,
    level,
    seed: 1000 + trial,
    ticket: 'ticket-0123456789ab.ticket',
    ticketHash: '0123456789ab'.padEnd(64, '0'),
    density,
    layerDensities: { fc1: density, fc2: density, fc3: 0.9 ** level },
    survivors: Math.round(266_200 * density),
    total: 266_200,
    metrics: { best, end: { ...best, iteration: 3000, testAccuracy: best.testAccuracy - 0.001 } },
    iterations: 3000,
    seconds: 2.4 + 0.1 * noise,
    stepMicros: 780 + 20 * noise,
    finishedAt: `2025-03-0${trial}T10:${String(level).padStart(2, '0')}:00.000Z`,
  };
  if (evaluations === 0) return stage;
  const history = Array.from({ length: evaluations }, (_, index) => {
    const share = (index + 1) / evaluations;
    const loss =
      0.07 +
      0.25 / (1 + 20 * share) ** 1.2 +
      0.05 * share * share * density +
      0.001 * wobble(index, level, trial);
    return {
      iteration: (index + 1) * 100,
      validationLoss: loss,
      validationAccuracy: 1 - loss / 4,
      trainingLoss: loss / 2,
    };
  });
  return { ...stage, history: { schema: 1, evaluations: history } };
}

/** A complete run. */
export function syntheticRun(shape: RunShape = {}): ReportRun {
  const experiment = syntheticExperiment(shape);
  const branches = [
    {
      kind: 'iterative' as const,
      levels: Array.from({ length: experiment.pruning.levels + 1 }, (_, level) => level),
    },
    ...experiment.branches,
  ];
  const trials = Array.from({ length: experiment.trials }, (_, index) => index + 1);
  const stages = trials.flatMap((trial) =>
    branches.flatMap(({ kind, levels }) =>
      levels.map((level) => syntheticStage(kind, level, trial, shape.evaluations)),
    ),
  );
  return {
    experiment,
    hash: '0123456789ab',
    dataset: { id: 'mnist', checksum: 'c0ffee'.repeat(10) + 'abcd' },
    stages,
    expected: stages.length,
  };
}

/** A run of which only the first trial's first two levels are there. */
export function incompleteRun(): ReportRun {
  const run = syntheticRun({ trials: 2, levels: 3 });
  return {
    ...run,
    stages: run.stages.filter(
      ({ trial, level, branch }) => trial === 1 && level < 2 && branch === 'iterative',
    ),
  };
}

const files = [
  { encoding: 'dense', density: 1, bytes: 1_066_500, speed: 1 },
  { encoding: 'dense', density: 0.0358, bytes: 1_066_700, speed: 1.01 },
  { encoding: 'sparse', density: 0.0358, bytes: 112_300, speed: 0.99 },
  { encoding: 'compact', density: 0.0358, bytes: 783_100, speed: 0.74 },
] as const;

/** A benchmark of four exported files at two batch sizes. */
export function syntheticBench(): BenchResult {
  const batches = [1, 32];
  const timed = (batch: number, micros: number) => ({
    batch,
    samplesMicros: [
      [micros * 0.98, micros],
      [micros, micros * 1.05],
    ],
    latencyMicros: { p50: micros, p95: micros * 1.2, p99: micros * 1.6, mean: micros * 1.03 },
    throughputPerSecond: (batch * 1e6) / (micros * 1.03),
  });
  const ratio = (value: number) => ({ ratio: value, low: value * 0.96, high: value * 1.04 });
  const memory = [{ beforeBytes: 60_000_000, afterBytes: 65_000_000, peakBytes: 70_000_000 }];
  return {
    schema: 1,
    startedAt: '2025-03-05T10:00:00.000Z',
    finishedAt: '2025-03-05T10:01:00.000Z',
    environment: {
      cpu: 'Example CPU at 2.00 GHz',
      cores: 2,
      memoryBytes: 8e9,
      os: 'linux x64',
      node: 'v22.0.0',
      onnxruntime: '1.30.0',
      loadAverageBefore: [0.1, 0.2, 0.3],
      loadAverageAfter: [1, 0.5, 0.4],
    },
    options: {
      provider: 'cpu',
      batches,
      repeats: 5,
      blockMillis: 200,
      warmupMillis: 100,
      maxSamplesPerBlock: 10_000,
      sessionCreations: 3,
      memoryProcesses: 1,
      threads: 1,
      seed: 1,
    },
    baseline: 'out/lenet-dense-100.onnx',
    floor: batches.map((batch) => timed(batch, 5.5)),
    floorMemory: memory,
    noise: batches.map((batch) => ({
      ...timed(batch, batch === 1 ? 28.1 : 310),
      ratioToBaseline: { ratio: 1.003, low: 0.984, high: 1.022 },
    })),
    models: files.map(({ encoding, density, bytes, speed }) => ({
      file: `out/lenet-${encoding}-${Math.round(density * 100)}.onnx`,
      name: `lenet-${encoding}-${Math.round(density * 100)}`,
      provider: 'cpu' as const,
      encoding,
      density,
      bytes,
      residentBytes: 2_300_000,
      peakResidentBytes: 3_100_000,
      memory,
      sessionCreationMicros: [4100, 3900, 4000],
      testAccuracy: { dataset: 'mnist', accuracy: density === 1 ? 0.978 : 0.9816, samples: 10_000 },
      inputs: 'test samples' as const,
      batches: batches.map((batch) => ({
        ...timed(batch, (batch === 1 ? 28 : 309) * speed),
        ratioToBaseline: encoding === 'dense' && density === 1 ? { ratio: 1, low: 1, high: 1 } : ratio(speed),
      })),
      notes: [],
    })),
    warnings: [],
  };
}

export function syntheticExports(): ExportSummary[] {
  return files.map(({ encoding, density, bytes }) => ({
    file: `${encoding}.onnx`,
    encoding,
    density,
    bytes,
  }));
}

/** A small report with everything in it. */
export function syntheticInput(shape: RunShape = {}): ReportInput {
  return {
    run: syntheticRun({ evaluations: 12, ...shape }),
    benches: [syntheticBench()],
    exports: syntheticExports(),
    command: 'tickets run experiments/synthetic.json',
    environment: { Processor: 'Example CPU at 2.00 GHz', Node: 'v22.0.0' },
  };
}

/** The same run on text with rare classes: macro-F1 lies below accuracy, and it is known what is left of the network. */
export function syntheticTextInput(shape: RunShape = {}): ReportInput {
  const run = syntheticRun(shape);
  const stages = run.stages.map((stage) => {
    const { best, end } = stage.metrics;
    const rare = {
      ...best,
      validationMacroF1: best.validationAccuracy - 0.2,
      testMacroF1: best.testAccuracy - 0.2,
    };
    const live = (total: number) => ({ live: Math.ceil(total * Math.sqrt(stage.density)), total });
    return {
      ...stage,
      metrics: { best: rare, end },
      live: { inputs: live(10_000), units: { fc1: live(128), fc2: { live: 46, total: 46 } } },
    };
  });
  const words = [
    {
      trial: 1,
      density: 0.0358,
      liveWords: 4321,
      totalWords: 10_000,
      classes: [
        { name: 'earn', documents: 795, words: ['shr', 'net', 'cts'] },
        { name: '<grain>', documents: 12, words: ['wheat', 'tonnes & bushels'] },
        { name: 'rare', documents: 3, words: [] },
      ],
    },
  ];
  return {
    run: { ...run, stages },
    words: [...words, { ...words[0], density: 0.015 }] as typeof words,
    command: 'tickets run text',
  };
}

/** A stability analysis of two trials, two steps, and the masks of a control; barriers are higher from step 0. */
export function syntheticStability(): Stability {
  const branches = ['iterative', 'random-mask'] as const;
  const cells = [1, 2].flatMap((trial) =>
    [0, 100].flatMap((step) =>
      branches.flatMap((branch) =>
        [0, 5]
          .filter((level) => level > 0 || branch === 'iterative')
          .map((level) => {
            const height = (step === 0 ? 0.04 : 0.005) * (branch === 'iterative' ? 1 : 3) + 0.001 * trial;
            const points = [0, 0.25, 0.5, 0.75, 1].map((alpha) => {
              const error = 0.02 + 4 * height * alpha * (1 - alpha);
              return {
                alpha,
                trainLoss: 3 * error,
                trainError: error / 2,
                testLoss: 4 * error,
                testError: error,
              };
            });
            return {
              ...{ trial, branch, level, step, density: 0.8 ** level, points },
              barriers: { trainError: height / 2, testError: height, trainLoss: 3 * height },
              distances: { apart: 12.5, travelled: [10, 11] },
            };
          }),
      ),
    ),
  );
  return {
    schema: 1,
    run: { name: 'synthetic', hash: '0123456789ab' },
    options: { trials: [1, 2], branches: [...branches], levels: [0, 5], steps: [0, 100], points: 5 },
    iterations: 3000,
    software: { node: '22.0.0' },
    cells,
    overlaps: [{ level: 5, density: 0.8 ** 5, trials: [1, 2], shared: 0.21, byChance: 0.2 }],
  };
}

/** A ticket that learns faster than the dense network, and a control that does not come so far. */
export function syntheticTrainability(): Trainability {
  const compared = (mean: number, ratio: number) => ({
    mean,
    ratio,
    interval: { low: 0.9 * ratio, high: 1.1 * ratio },
  });
  const cost = (branch: string, level: number, ratio: number | null): TrainingCost => ({
    ...{ branch, level, density: 0.8 ** level, trials: 3, reached: ratio === null ? 1 : 3 },
    stepsToLoss: ratio === null ? null : compared(3000 * ratio, ratio),
    secondsToLoss: ratio === null ? null : compared(3 * ratio, ratio),
    stepsToStop: compared(2500, 1.1),
    secondsToStop: compared(2.5, 1.1),
    stepMicros: compared(1000 - 50 * level, 1 - 0.05 * level),
    findingSeconds: 4 * level,
    paysAfter: ratio !== null && ratio < 1 ? 7.5 : null,
  });
  const quickest = cost('iterative', 8, 0.4);
  return {
    loss: null,
    quickest,
    costs: [cost('iterative', 0, 1), cost('iterative', 3, 0.6), quickest, cost('random-reinit', 3, null)],
    levelSeconds: 30,
    levelSecondsAtDense: 50,
  };
}

/** Four claims: one that holds, one that does not, and two undecided, the last since there was nothing to compare. */
export function syntheticClaims(): HeldClaims {
  const claim = {
    id: 'accurate',
    statement: 'With 51.3 % of its weights a ticket is more accurate than the dense network.',
    where: 'section 2',
    quantity: 'test-accuracy',
    branch: 'iterative',
    density: 0.513,
    against: 'dense',
    estimator: 'difference',
    direction: 'above',
    boundary: 0,
    tolerance: 0,
  } as const;
  const early = { ...claim, quantity: 'early-stop-iteration', estimator: 'ratio-of-means' } as const;
  const estimate = (
    estimator: 'difference' | 'ratio-of-means' | 'mean-of-ratios',
    effect: number,
    by: number,
  ) => ({
    estimator,
    effect,
    interval: { low: effect - by, high: effect + by },
    bootstrap: { low: effect - by / 2, high: effect + by / 2 },
  });
  const found = { reason: null, level: 3, density: 0.512, trials: 3 } as const;
  return {
    source: 'A paper & its <authors>',
    results: [
      { ...found, claim, outcome: 'holds', estimates: [estimate('difference', 0.004, 0.001)] },
      {
        ...found,
        claim: { ...early, id: 'late', statement: 'It stops later.', density: 0.6 },
        outcome: 'does not hold',
        estimates: [estimate('ratio-of-means', 0.8, 0.1), estimate('mean-of-ratios', 0.82, 0.12)],
      },
      {
        ...found,
        claim: {
          ...early,
          id: 'as-early',
          statement: 'It stops as early.',
          direction: 'within',
          boundary: 1,
          tolerance: 0.1,
        },
        outcome: 'undecided',
        reason: 'the interval contains the boundary',
        estimates: [estimate('ratio-of-means', 0.9, 0.1), estimate('mean-of-ratios', 0.92, 0.12)],
      },
      {
        claim: { ...claim, id: 'control', statement: 'It beats a control.', against: 'one-shot' },
        outcome: 'undecided',
        reason: 'no trial has iterative and one-shot to compare',
        level: null,
        density: null,
        trials: 0,
        estimates: [],
      },
    ],
  };
}

/** Weights of a first layer over images that survive towards the middle, and a convolution of two filters. */
export function syntheticMasks(): MaskPicture[] {
  const fromMiddle = (index: number) => Math.hypot(Math.floor(index / 28) - 13.5, (index % 28) - 13.5);
  const levels = [0, 3, 15].map((level) => ({
    level,
    density: 0.8 ** level,
    trials: 2,
    survivors: Array.from({ length: 784 }, (_, index) =>
      level === 0 ? 300 : Math.max(0, Math.round((300 - 20 * fromMiddle(index)) * 0.8 ** level * 2) / 2),
    ),
  }));
  return [
    { layer: 'fc1', cells: 'pixels', rows: 28, columns: 28, weights: 300, levels },
    {
      ...{ layer: 'conv<1>', cells: 'kernels', rows: 1, columns: 2, weights: 9 },
      levels: [{ level: 3, density: 0.512, trials: 1, survivors: [0, 4] }],
    },
  ];
}
