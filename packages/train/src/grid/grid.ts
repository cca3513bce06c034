import { createHash } from 'node:crypto';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { combinations } from '../combinations.js';
import { type Experiment, parseExperiment } from '../experiment.js';

/** One experiment of a grid. */
export interface GridCell {
  /** What it has of the grid, by key: `{ 'pruning.criterion': 'movement', seed: 2 }`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The same in words: `criterion=movement, seed=2`. */
  readonly label: string;
  /** Its name is made of its values. */
  readonly experiment: Experiment;
}

/** Experiments that differ in some keys, each an ordinary one. */
export interface Grid {
  readonly name: string;
  /** The lists, by the key that they are values of: a path with dots. */
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  /** In the order of the lists, the last one's values changing fastest. */
  readonly cells: readonly GridCell[];
}

/** More experiments than this are a mistake. */
const MOST_CELLS = 10_000;

const gridSchema = z.record(z.string().min(1), z.array(z.unknown()).min(1));

const fileSchema = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  grid: gridSchema.refine((lists) => Object.keys(lists).length > 0, 'at least one key with its values'),
});

/** Whether JSON is a grid: an experiment with a key `grid`. */
export function isGrid(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'grid' in json;
}

/**
 * Reads a grid: an experiment as its file says it, and under `grid` lists of values for some of its keys, such as
 * `{ "pruning.criterion": ["magnitude", "movement"], "seed": [1, 2] }`. Every combination is an experiment.
 *
 * @param check what makes an experiment of JSON, with its source for messages; default `parseExperiment`
 * @throws Error with one sentence that names the source, the combination and the key
 */
export function parseGrid(
  json: unknown,
  source: string,
  check: (json: unknown, source: string) => Experiment = parseExperiment,
): Grid {
  const { grid: lists, ...base } = parse(fileSchema, json, source);
  for (const [key, values] of Object.entries(lists)) {
    if (key === 'name' || key === 'grid') {
      throw new Error(
        `${source}: grid lists '${key}', which its experiments get from their values: leave it out`,
      );
    }
    if (new Set(values.map((value) => JSON.stringify(value))).size < values.length) {
      throw new Error(`${source}: grid lists a value of '${key}' twice: list each value once`);
    }
  }
  const all = combinations(lists, `${source}: grid`);
  if (all.length > MOST_CELLS) {
    throw new Error(
      `${source}: grid has ${all.length} experiments, at most ${MOST_CELLS} are run: shorten its lists`,
    );
  }
  const cells = all.map((values): GridCell => {
    const label = labelOf(values);
    const experiment = Object.entries(values).reduce<object>(
      (kept, [key, value]) => withValue(kept, key.split('.'), value, `${source}: grid key '${key}'`),
      { ...base, name: nameOf(values, lists) },
    );
    return { values, label, experiment: check(experiment, `${source}, ${label}`) };
  });
  return { name: base.name, lists, cells };
}

/** A copy with a value at the end of a path; objects on the way that are not there are made. */
function withValue(
  target: object,
  [key = '', ...rest]: readonly string[],
  value: unknown,
  where: string,
): object {
  // Names of what every object has already would reach past the experiment.
  if (['__proto__', 'constructor', 'prototype'].includes(key))
    throw new Error(`${where}: '${key}' is no key`);
  if (rest.length === 0) return { ...target, [key]: value };
  const child: unknown = Object.hasOwn(target, key) ? Reflect.get(target, key) : {};
  if (typeof child !== 'object' || child === null || Array.isArray(child)) {
    throw new Error(
      `${where}: '${key}' is ${JSON.stringify(child)}, which has no keys: write the key of an object`,
    );
  }
  return { ...target, [key]: withValue(child, rest, value, where) };
}

function labelOf(values: GridCell['values']): string {
  return Object.entries(values)
    .map(([key, value]) => `${lastPart(key)}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** `criterion.movement-seed.2`: a name for a folder. What would not fit into one is numbered, or shortened to a digest. */
function nameOf(values: GridCell['values'], lists: Grid['lists']): string {
  const name = Object.entries(values)
    .map(([key, value]) => {
      const text =
        typeof value === 'number'
          ? String(value).replace('+', '')
          : ['string', 'boolean'].includes(typeof value)
            ? String(value)
            : '';
      const plain = /^[A-Za-z0-9._-]+$/.test(text) ? text : String((lists[key]?.indexOf(value) ?? 0) + 1);
      return `${lastPart(key).replaceAll(/[^A-Za-z0-9_-]/g, '')}.${plain}`;
    })
    .join('-');
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  return `cell-${createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 12)}`;
}

function lastPart(key: string): string {
  return key.split('.').at(-1) ?? key;
}
