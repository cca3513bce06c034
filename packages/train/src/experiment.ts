import type { TextOptions } from '@winning-tickets/datasets';
import {
  type Network,
  type NetworkSpec,
  namedNetwork,
  networkNames,
  parse,
  resolveNetwork,
  suggestion,
  withInner,
} from '@winning-tickets/ticket';
import { z } from 'zod';
import { type EngineName, engineDevices, engineNames } from './engines/devices.js';
import { type BranchId, branchNames } from './lottery/branches/branch.js';
import { branchOf, settledBranch } from './lottery/branches/branches.js';
import { type OptimizerInput, type OptimizerSpec, parseOptimizer } from './optimizers/optimizer.js';
import { checkRateFactors } from './optimizers/rate-factors.js';
import type { ModuleIdentity } from './modules.js';
import { type CriterionName, criteria, criterionNames } from './pruning/criteria/registry.js';
import { itemsOf, prunesParameter } from './pruning/items.js';
import { climb } from './pruning/ladder.js';
import { stream } from './rng.js';
import { type ScheduleSpec, scheduleSchema } from './schedules/schedule.js';

/** How weights are pruned from level to level. */
export interface PruningSpec {
  /** What weights survive by, see `criteria`; `magnitude` at the end of training is the default. */
  readonly criterion: CriterionName;
  /**
   * Whether weights compete within their layer (`layer`) or across layers (`global`), or within their layer, of which as many
   * survive as an Erdős–Rényi graph has (`erdos-renyi-kernel`). Default `global` for criteria at initialisation, as in
   * their papers, and `layer` for others.
   */
  readonly scope: 'layer' | 'global' | 'erdos-renyi-kernel';
  /** Share of the surviving weights that a round prunes, between 0 and 1. */
  readonly rate: number;
  /** Layers with a rate of their own, by layer name; 0 exempts a layer. Default none. */
  readonly layerRates: Readonly<Record<string, number>>;
  /** Kinds of layers with a rate of their own, for layers that have none in `layerRates`: `{ "conv2d": 0.1 }`. Default none. */
  readonly kindRates: Readonly<Record<string, number>>;
  /** Rounds of pruning. Level 0 is the whole network, level k has been pruned k times. */
  readonly levels: number;
  /** What holds instead from some level on, such as whole units after single weights; ascending. Left out, nothing changes. */
  readonly later?: readonly PruningPhase[];
}

/** How weights are pruned from a level on; its rates are its own. */
export interface PruningPhase extends Omit<PruningSpec, 'levels' | 'later'> {
  /** The first level that is made so, at least 2. */
  readonly from: number;
}

/** A control, and the levels at which it is trained. */
export interface ControlSpec {
  /** A kind other than `iterative`, with its options: `rewound,step=100`. In a file, options may be keys beside it. */
  readonly kind: BranchId;
  readonly levels: readonly number[];
}

/** An experiment with every hyperparameter explicit: what an experiment file says, with its defaults filled in. */
export interface Experiment {
  /** Name of the run's folder: letters, digits, `.`, `_` and `-`. Has no bearing on the results. */
  readonly name: string;
  readonly dataset: {
    readonly id: string;
    /** Folder of the user's own copy of the files. Has no bearing on the results: the checksum says which data it was. */
    readonly directory?: string;
    /** Training samples set aside for validation. Default 5000. */
    readonly validation: number;
    /** Seed of the choice of these samples, the same for all trials. Default 0. */
    readonly splitSeed: number;
    /** How text becomes numbers: needed for text, left out for images. */
    readonly text?: TextOptions;
  };
  /** Files of one's own with layers, operators or networks; see `loadModules`. */
  readonly modules?: readonly ModuleIdentity[];
  /** A network by its name, or spelt out. */
  readonly network: string | NetworkSpec;
  /** What trains. Default `onnx`, the ONNX Runtime; `tfjs` is TensorFlow.js. */
  readonly engine: EngineName;
  /** Where it trains, one of the engine's devices (`engineDevices`). Default `cpu`. Another one gives other last bits. */
  readonly device: string;
  /** Threads inside one operator. Default 1. Another number gives other last bits, thus other results. */
  readonly threads: number;
  /**
   * Trainings that run side by side in one graph, those of as many trials; default 1. It pays on a device that one small
   * network cannot fill. Another number gives other last bits, thus other results.
   */
  readonly together: number;
  /**
   * Whether a training leaves out what no gradient reaches: units without weights, inputs that no sample has. Default true.
   * False trains the masked network whole: slower, the same but for rounding. Engines and trainings `together` that always
   * train the network whole don't heed it.
   */
  readonly compact: boolean;
  readonly optimizer: OptimizerSpec;
  /** How the optimizer's rate changes from step to step; see `rateFactor`. Default: not at all. */
  readonly schedule?: ScheduleSpec;
  /** Samples per step. */
  readonly batchSize: number;
  /** Steps per training. */
  readonly iterations: number;
  /** Steps between evaluations on the validation samples. */
  readonly evaluateEvery: number;
  readonly pruning: PruningSpec;
  /** Controls to train besides the iterative branch. Default none. */
  readonly branches: readonly ControlSpec[];
  /**
   * Where the branch `transferred` takes its masks from: another run in the same folder of runs, which has its iterative
   * tickets of the same trials and levels. `<name>-<hash>`; a name alone stands for the only run of that name.
   */
  readonly transfer?: { readonly from: string };
  /** Independent repetitions, numbered from 1. */
  readonly trials: number;
  /** What all randomness of all trials derives from. */
  readonly seed: number;
}

/** What an experiment must know of its data before it can start. A `Dataset` is one. */
export interface DatasetFacts {
  readonly id: string;
  /** Shape of one sample. */
  readonly inputShape: readonly number[];
  readonly classNames: readonly string[];
  /** Of text, the words by their numbers: as many as an embedding needs rows. */
  readonly vocabulary?: readonly string[];
  /** The training samples, without the validation samples. `int32` inputs are indices into the vocabulary. */
  readonly train: {
    readonly inputs: { readonly dtype: 'uint8' | 'int32' | 'float32' };
    /** `[samples]`, or `[samples, classes]`. */
    readonly labels: { readonly shape: readonly number[] };
  };
}

const phaseSchema = z.strictObject({
  criterion: z.enum(criterionNames).default('magnitude'),
  // Its default is the criterion's.
  scope: z.enum(['layer', 'global', 'erdos-renyi-kernel']).exactOptional(),
  rate: z.number().gt(0).lt(1),
  layerRates: z.record(z.string(), z.number().min(0).lt(1)).default({}),
  kindRates: z.record(z.string(), z.number().min(0).lt(1)).default({}),
});

const pruningSchema = phaseSchema.extend({
  levels: z.int().min(0),
  later: z
    .array(phaseSchema.extend({ from: z.int().min(2) }))
    .min(1)
    .readonly()
    .exactOptional(),
});

// What else it may say is up to its kind.
const controlSchema = z.looseObject({ kind: z.string(), levels: z.array(z.int().min(1)) });

const words = z.int().min(1).max(1_000_000);

const textSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bag'),
    words,
    weights: z.enum(['binary', 'count', 'tf-idf']),
  }),
  z.strictObject({ kind: z.literal('sequence'), words, length: z.int().min(1).max(100_000) }),
]);

const experimentSchema = z.strictObject({
  // It becomes part of a folder's name.
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  dataset: z.strictObject({
    id: z.string().min(1),
    directory: z.string().min(1).exactOptional(),
    validation: z.int().min(1).default(5000),
    splitSeed: z.int().min(0).default(0),
    text: textSchema.exactOptional(),
  }),
  modules: z
    .array(z.strictObject({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .readonly()
    .exactOptional(),
  // The network and the optimizer are checked on their own, by what their names and kinds ask for.
  network: z.unknown(),
  optimizer: z.unknown(),
  schedule: scheduleSchema.exactOptional(),
  engine: z.enum(engineNames).default('onnx'),
  device: z.string().default('cpu'),
  threads: z.int().min(1).default(1),
  together: z.int().min(1).max(1024).default(1),
  compact: z.boolean().default(true),
  batchSize: z.int().min(1),
  iterations: z.int().min(1),
  evaluateEvery: z.int().min(1),
  pruning: pruningSchema,
  branches: z.array(controlSchema).default([]),
  // The name of a folder, and never a way out of the folder of runs.
  transfer: z.strictObject({ from: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,76}$/) }).exactOptional(),
  trials: z.int().min(1),
  seed: z.int().min(0),
});

/** An experiment as it may be written: keys that have a default may be left out. */
export interface ExperimentFile extends Omit<
  z.input<typeof experimentSchema>,
  'network' | 'optimizer' | 'branches'
> {
  network: string | NetworkSpec;
  optimizer: OptimizerInput;
  branches?: readonly (ControlSpec | z.input<typeof controlSchema>)[];
}

/**
 * Validates an experiment read from a file and fills in its defaults.
 *
 * @param source where it was read, as errors name it
 * @throws Error with one sentence that names the source, the key, what was found and what was expected.
 */
export function parseExperiment(json: unknown, source: string): Experiment {
  const {
    network,
    optimizer,
    branches,
    pruning: { later, ...pruning },
    ...rest
  } = parse(experimentSchema, json, source);
  const experiment: Experiment = {
    ...rest,
    branches: branches.map((control, index) => readControl(control, `branches[${index}]`, source)),
    pruning: { ...withScope(pruning), ...(later && { later: later.map(withScope) }) },
    network: readNetwork(network, source),
    optimizer: parseOptimizer(optimizer, `${source}: optimizer`),
  };
  checkEvaluations(experiment, source);
  checkDevice(experiment, source);
  checkTogether(experiment, source);
  checkControls(experiment, source);
  if (typeof experiment.network !== 'string') {
    checkLayers(resolveNetwork(experiment.network), experiment, source);
  }
  return experiment;
}

/** `parseExperiment` for an experiment written in code. @throws Error as that does. */
export function resolveExperiment(file: ExperimentFile): Experiment {
  return parseExperiment(file, 'the experiment');
}

/**
 * The network that an experiment trains on a data set.
 *
 * @throws Error when the network does not take the data set's samples or does not have its classes.
 */
export function networkOf(experiment: Experiment, dataset: DatasetFacts): Network {
  const { network: spec } = experiment;
  const classes = dataset.classNames.length;
  if (typeof spec === 'string') {
    return resolveNetwork(namedNetwork(spec, [...dataset.inputShape], classes, indicesOf(dataset)));
  }
  const network = resolveNetwork(spec);
  const shape = network.inputShape.join(', ');
  if (shape !== dataset.inputShape.join(', ')) {
    throw new Error(
      `network '${spec.name}' takes samples of shape [${shape}], those of ${dataset.id} have ` +
        `[${dataset.inputShape.join(', ')}]: change its 'input'`,
    );
  }
  const outputs = network.outputShape.at(-1);
  if (outputs !== classes) {
    throw new Error(
      `network '${spec.name}' has ${outputs ?? 0} outputs, ${dataset.id} has ${classes} classes: ` +
        'give its last layer one unit per class',
    );
  }
  checkIndices(network, dataset);
  return network;
}

/** How many different indices samples may have; undefined for data that are no indices. */
function indicesOf({ vocabulary, train }: DatasetFacts): number | undefined {
  return train.inputs.dtype === 'int32' ? vocabulary?.length : undefined;
}

function checkIndices(network: Network, dataset: DatasetFacts): void {
  const { name } = network.spec;
  const indices = indicesOf(dataset);
  const embedding = network.layers.flatMap(withInner).find(({ kind }) => kind === 'embedding');
  if (indices !== undefined && network.inputDType !== 'int32') {
    throw new Error(
      `network '${name}' takes numbers, the samples of ${dataset.id} are sequences of words: ` +
        'begin it with an embedding, or read the text as a bag',
    );
  }
  if (indices === undefined && dataset.vocabulary && network.inputDType === 'int32') {
    throw new Error(
      `network '${name}' takes sequences of words, the samples of ${dataset.id} are bags of words: ` +
        'read the text as a sequence',
    );
  }
  const rows = Number(embedding?.options['vocabulary']);
  if (embedding && indices !== undefined && rows < indices) {
    throw new Error(
      `network '${name}', layer '${embedding.name}' (embedding): 'vocabulary' must be at least ${indices}, ` +
        `the words of ${dataset.id} with those for padding and unknown words, found ${rows}: make it larger`,
    );
  }
}

/**
 * Checks what can only be checked once the data are known: that the network fits them, that the layers in `rateFactors` and
 * `layerRates` and the kinds in `kindRates` exist, that every level leaves weights in every layer, and that there are enough samples.
 *
 * @throws Error with one sentence.
 */
export function checkAgainstDataset(experiment: Experiment, dataset: DatasetFacts, source: string): void {
  const [samples = 0] = dataset.train.labels.shape;
  if (experiment.batchSize > samples) {
    throw new Error(
      `${source}: batchSize is ${experiment.batchSize}, but only ${samples} samples of ${dataset.id} ` +
        `remain for training once ${experiment.dataset.validation} are set aside for validation: make it smaller`,
    );
  }
  checkLayers(networkOf(experiment, dataset), experiment, source);
}

/**
 * The seed that all randomness of a trial derives from, a whole number below 2^32.
 *
 * @param trial from 1
 */
export function trialSeed(experiment: Pick<Experiment, 'seed'>, trial: number): number {
  return stream(experiment.seed, 'trial', trial).integer(2 ** 32);
}

/** A control as a file says it: with its options in its kind, or beside it. */
function readControl(
  { kind, levels, ...given }: z.output<typeof controlSchema>,
  key: string,
  source: string,
): ControlSpec {
  const where = `${source}: ${key}`;
  const name = branchNames.find((each) => each === kind);
  if (kind.split(',')[0] === 'iterative' || (!name && !kind.includes(','))) {
    const controls = branchNames.filter((each) => each !== 'iterative');
    throw new Error(
      `${source}: '${key}.kind' must be one of ${controls.map((each) => `"${each}"`).join(', ')}, ` +
        `found "${kind}"${suggestion(kind, controls)}`,
    );
  }
  const { id } = name ? settledBranch(name, given, `${where} (${kind})`) : branchOf(kind);
  const [extra] = name ? [] : Object.keys(given);
  if (extra !== undefined)
    throw new Error(
      `${where}: '${extra}' stands beside '${kind}', which has its options in it: leave it out`,
    );
  return { kind: id, levels };
}

function readNetwork(value: unknown, source: string): string | NetworkSpec {
  if (typeof value === 'string') {
    if (networkNames().includes(value)) return value;
    throw new Error(`${source}: unknown network '${value}'${suggestion(value, networkNames())}`);
  }
  try {
    return resolveNetwork(value).spec;
  } catch (error) {
    throw new Error(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function withScope<P extends { criterion: CriterionName; scope?: PruningSpec['scope'] }>(pruning: P) {
  return { ...pruning, scope: pruning.scope ?? usualScope(pruning.criterion) };
}

function usualScope(criterion: CriterionName): PruningSpec['scope'] {
  return criteria[criterion].at === 'initialization' ? 'global' : 'layer';
}

function checkEvaluations({ iterations, evaluateEvery }: Experiment, source: string): void {
  if (evaluateEvery > iterations) {
    throw new Error(
      `${source}: evaluateEvery is ${evaluateEvery}, more than the ${iterations} iterations of a training: ` +
        'make it smaller, or nothing would be evaluated on the way',
    );
  }
}

function checkDevice({ engine, device, threads }: Experiment, source: string): void {
  const known: readonly string[] = engineDevices[engine];
  if (!known.includes(device)) {
    throw new Error(
      `${source}: unknown device '${device}' of engine '${engine}'${suggestion(device, known)}: it has ${known.join(', ')}`,
    );
  }
  if (device === 'wasm' && threads !== 1) {
    throw new Error(
      `${source}: threads is ${threads}, but WebAssembly computes on one thread in Node.js: set it to 1`,
    );
  }
}

function checkTogether({ engine, together, dataset: { text } }: Experiment, source: string): void {
  if (together > 1 && engine !== 'onnx') {
    throw new Error(
      `${source}: together is ${together}, but the engine '${engine}' trains one network at a time: leave it out`,
    );
  }
  if (together > 1 && text?.kind === 'bag') {
    throw new Error(
      `${source}: together is ${together}, but trainings over bags of words cannot run together, since every batch ` +
        'has words of its own: leave it out',
    );
  }
}

function checkControls(experiment: Experiment, source: string): void {
  const { branches, pruning, transfer } = experiment;
  if (branches.some(({ kind }) => kind === 'transferred') !== (transfer !== undefined)) {
    throw new Error(
      transfer
        ? `${source}: transfer names a run, but branches has no 'transferred': add it, or leave transfer out`
        : `${source}: branches has 'transferred', but nothing says from where: add "transfer": { "from": "<run>" }`,
    );
  }
  const kinds = new Set<string>();
  for (const { kind, levels } of branches) {
    if (kinds.has(kind))
      throw new Error(`${source}: branches has '${kind}' twice: put all its levels in one list`);
    kinds.add(kind);
    const beyond = levels.find((level) => level > pruning.levels);
    if (beyond !== undefined) {
      throw new Error(
        `${source}: branches asks for '${kind}' at level ${beyond}, but pruning.levels is ${pruning.levels}: ` +
          'give levels from 1 to that',
      );
    }
    if (new Set(levels).size < levels.length) {
      throw new Error(`${source}: branches lists a level of '${kind}' twice: list each level once`);
    }
    const problem = branchOf(kind).problem(experiment, levels);
    if (problem !== undefined) throw new Error(`${source}: the branch '${kind}' ${problem}`);
  }
}

/** Checks all that an experiment says of its network's layers. */
function checkLayers(network: Network, { optimizer, pruning }: Experiment, source: string): void {
  checkRateFactors(optimizer, network, source);
  checkPruning(network, pruning, source);
}

function checkPruning(network: Network, pruning: PruningSpec, source: string): void {
  if (!network.parameters.some(({ prunable }) => prunable))
    throw new Error(`${source}: network '${network.spec.name}' has no weights to prune`);
  checkPhase(network, pruning, `${source}: pruning`);
  const { later = [] } = pruning;
  for (const [index, phase] of later.entries()) {
    const key = `${source}: pruning.later[${index}]`;
    const before = later[index - 1]?.from ?? 1;
    if (phase.from <= before) {
      throw new Error(
        `${key}.from is ${phase.from}, but what comes before begins at level ${before}: put them in ascending order`,
      );
    }
    checkPhase(network, phase, key);
  }
  checkLadder(network, pruning, source);
}

/** @param key where it stands, as errors name it */
function checkPhase(network: Network, pruning: Omit<PruningSpec, 'levels'>, key: string): void {
  const prunable = network.parameters.filter((parameter) => parameter.prunable);
  const layers = [...new Set(prunable.map(({ layer }) => layer))];
  const kinds = [...new Set(prunable.map(({ kind }) => kind))];
  const criterion = criteria[pruning.criterion];
  const { items } = criterion;
  const refusal = criterion.at === 'initialization' ? criterion.refuses?.(network) : undefined;
  if (refusal !== undefined) {
    throw new Error(
      `${key}.criterion '${pruning.criterion}' cannot score ${network.spec.name}, which ${refusal}: ` +
        'choose another criterion',
    );
  }
  const whole = prunable.find(
    (parameter) => prunesParameter(network, parameter, items) && itemsOf(parameter, items) === undefined,
  );
  if (whole) {
    throw new Error(
      `${key}.criterion '${pruning.criterion}' prunes ${items} of dense layers and convolutions, but ${whole.layer} of ` +
        `${network.spec.name} is a layer of kind '${whole.kind}': choose another criterion`,
    );
  }
  const unknown = Object.keys(pruning.layerRates).find((layer) => !layers.includes(layer));
  if (unknown !== undefined) {
    throw new Error(
      `${key}.layerRates names '${unknown}', which is no layer of ${network.spec.name} that can be ` +
        `pruned${suggestion(unknown, layers)}`,
    );
  }
  const unknownKind = Object.keys(pruning.kindRates).find((kind) => !kinds.includes(kind));
  if (unknownKind !== undefined) {
    throw new Error(
      `${key}.kindRates names '${unknownKind}', but ${network.spec.name} has no layer of that kind that ` +
        `can be pruned${suggestion(unknownKind, kinds)}`,
    );
  }
}

function checkLadder(network: Network, pruning: PruningSpec, source: string): void {
  let previous = Infinity;
  for (const { level, survivors, total } of climb(network, pruning)) {
    const empty = Object.keys(survivors).find((group) => survivors[group] === 0);
    if (empty !== undefined) {
      throw new Error(
        `${source}: pruning leaves no weight of ${empty} at level ${level}: ` +
          `lower the rate, or set pruning.levels to ${level - 1} or less`,
      );
    }
    if (total === previous) {
      throw new Error(
        `${source}: pruning removes nothing at level ${level}, where ${total} weights are left: ` +
          `raise the rate, or set pruning.levels to ${level - 1} or less`,
      );
    }
    previous = total;
  }
}
