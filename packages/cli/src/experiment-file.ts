import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@winning-tickets/ticket';
import type { ControlSpec, EngineName, Experiment, Grid } from '@winning-tickets/train';
import { branchOf, isGrid, loadModules, parseExperiment, parseGrid } from '@winning-tickets/train';
import { z } from 'zod';
import { UsageError } from './failures.js';
import { type NamedFiles, namesIn, readNamed } from './named-file.js';

/** What the command line changes in an experiment. */
export interface Overrides {
  /** Branches to add, as `kind[,option=value…][:levels]`. */
  readonly branch?: readonly string[] | undefined;
  /** False is `--no-compact`; true says nothing, as the command line does without it. */
  readonly compact?: boolean | undefined;
  readonly dataDir?: string | undefined;
  readonly device?: string | undefined;
  readonly engine?: EngineName | undefined;
  readonly evaluateEvery?: number | undefined;
  readonly iterations?: number | undefined;
  readonly levels?: number | undefined;
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
  readonly together?: number | undefined;
  readonly trials?: number | undefined;
}

/** An experiment, and what messages call it. */
export interface LoadedExperiment {
  readonly experiment: Experiment;
  readonly source: string;
  /** What a person should know about it, as sentences. */
  readonly notes: readonly string[];
}

/** The experiments that come with the program. */
const shippedFolder = fileURLToPath(new URL('../../../experiments/', import.meta.url));

const overrideKeys = [
  'branch',
  'compact',
  'dataDir',
  'device',
  'engine',
  'evaluateEvery',
  'iterations',
  'levels',
  'seed',
  'threads',
  'together',
  'trials',
] as const;

/** A grid of experiments, and what messages call it. */
export interface LoadedGrid {
  readonly grid: Grid;
  readonly source: string;
  readonly notes: readonly string[];
}

/**
 * Reads an experiment and applies what the command line changes.
 *
 * @param named a JSON file, that of a run too, or the name of an experiment in `folder`
 * @throws Error in one sentence when there is none, or it is not valid.
 */
export async function loadExperiment(
  named: string,
  options: Overrides = {},
  folder: string = shippedFolder,
): Promise<LoadedExperiment> {
  return experimentOf(await readWritten(named, folder), chosen(options));
}

/** The same, of a file that may be a grid: the changes are made to all of its experiments. @throws Error as that does */
export async function loadExperimentOrGrid(
  named: string,
  options: Overrides = {},
  folder: string = shippedFolder,
): Promise<LoadedExperiment | LoadedGrid> {
  const written = await readWritten(named, folder);
  return isGrid(written.json) ? gridOf(written, chosen(options)) : experimentOf(written, chosen(options));
}

/** What a file says, its modules loaded. */
interface Written {
  readonly json: unknown;
  readonly source: string;
  /** The folder that its paths start from. */
  readonly base: string;
}

async function readWritten(named: string, folder: string): Promise<Written> {
  const { path, source, json } = await readNamed(named, experimentsIn(folder));
  const base = dirname(path);
  return { json: await withModules(asWritten(json), base, source), source, base };
}

/** The caller may hand over all options of a command. */
function chosen(options: Overrides): Overrides {
  const given = { ...options, compact: options.compact === false ? false : undefined };
  return Object.fromEntries(overrideKeys.map((key) => [key, given[key]]));
}

function experimentOf({ json, source, base }: Written, overrides: Overrides): LoadedExperiment {
  const written = withDirectory(parseExperiment(json, source), base);
  const { experiment, notes } = applyOverrides(written, overrides);
  return { experiment: parseExperiment(experiment, `${source}${changesText(overrides)}`), source, notes };
}

function gridOf(written: Written, overrides: Overrides): LoadedGrid {
  const notes = new Set<string>();
  const grid = parseGrid(written.json, written.source, (json, source) => {
    const loaded = experimentOf({ ...written, json, source }, overrides);
    loaded.notes.forEach((text) => notes.add(text));
    return loaded.experiment;
  });
  return { grid, source: written.source, notes: [...notes] };
}

/** The names of the experiments in a folder. */
export async function shippedNames(folder: string = shippedFolder): Promise<string[]> {
  return namesIn(experimentsIn(folder));
}

function experimentsIn(folder: string): NamedFiles {
  return { folder, noun: 'experiment' };
}

/** The experiment with other numbers. Control levels beyond a smaller `levels` are left out, and that is noted. */
function applyOverrides(
  experiment: Experiment,
  { branch = [], dataDir, levels, ...numbers }: Overrides,
): { readonly experiment: Experiment; readonly notes: readonly string[] } {
  const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
  const deepest = levels ?? experiment.pruning.levels;
  const notes = experiment.branches.flatMap(({ kind, levels: all }) => {
    const beyond = all.filter((level) => level > deepest);
    return beyond.length === 0
      ? []
      : [`--levels ${deepest} leaves out ${kind} at level ${beyond.join(', ')}`];
  });
  const added = branch.map((text) => addedBranch(text, deepest));
  const branches = [
    ...experiment.branches.filter(({ kind }) => !added.some((one) => one.kind === kind)),
    ...added,
  ].map(({ kind, levels: all }) => ({ kind, levels: all.filter((level) => level <= deepest) }));
  const dataset = dataDir === undefined ? {} : { directory: resolve(dataDir) };
  return {
    experiment: {
      ...experiment,
      ...given,
      dataset: { ...experiment.dataset, ...dataset },
      pruning: { ...experiment.pruning, levels: deepest },
      branches,
    },
    notes,
  };
}

/** A branch as the command line writes it. @throws UsageError when its levels are none */
function addedBranch(text: string, deepest: number): ControlSpec {
  const [id = '', levels, ...rest] = text.split(':');
  const all = Array.from({ length: deepest }, (_, index) => index + 1);
  const chosen = levels === undefined ? all : levels.split(',').map(Number);
  if (rest.length > 0 || chosen.some((level) => !Number.isInteger(level) || level < 1 || level > deepest)) {
    throw new UsageError(
      `--branch ${text}: expected kind[,option=value…][:levels], with levels from 1 to ${deepest}, such as ${id || 'random-mask'}:1`,
    );
  }
  return { kind: branchOf(id).id, levels: chosen };
}

const modulesKey = z.object({ modules: z.array(z.string().min(1)).optional() });

const recordSchema = z.object({
  schema: z.literal(1),
  hash: z.string(),
  experiment: z.looseObject({ modules: z.array(z.object({ file: z.string() })).exactOptional() }),
});

/** What a run records of its experiment, taken back to what a file of one says: modules there have their hashes beside. */
function asWritten(json: unknown): unknown {
  const record = recordSchema.safeParse(json);
  if (!record.success) return json;
  const { modules, ...experiment } = record.data.experiment;
  return modules ? { ...experiment, modules: modules.map(({ file }) => file) } : experiment;
}

/** Modules are loaded before the experiment is checked, since its network may be made of what they bring. */
async function withModules(json: unknown, base: string, source: string): Promise<unknown> {
  if (typeof json !== 'object' || json === null || !('modules' in json)) return json;
  const { modules = [] } = parse(modulesKey, json, source);
  return { ...json, modules: await loadModules(modules.map((file) => resolve(base, file))) };
}

/** A folder that an experiment file names lies where the file says, not where the command is typed. */
function withDirectory(experiment: Experiment, base: string): Experiment {
  const { directory } = experiment.dataset;
  if (directory === undefined) return experiment;
  return { ...experiment, dataset: { ...experiment.dataset, directory: resolve(base, directory) } };
}

function changesText(overrides: Overrides): string {
  const flags = Object.entries(overrides).flatMap(([key, value]) => {
    const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === undefined) return [];
    return value === false ? [`--no-${flag}`] : [`--${flag} ${value}`];
  });
  return flags.length === 0 ? '' : ` with ${flags.join(' ')}`;
}
