import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { BenchEnvironment, Crossover, CrossoverCell } from '@winning-tickets/bench';
import { compareLatencies, measuredEnvironment, parseCrossover } from '@winning-tickets/bench';
import type { EncodingOptions } from '@winning-tickets/export';
import { encodeSubnetwork } from '@winning-tickets/export';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from './failures.js';
import type { Pruned } from './synthetic-layer.js';
import { syntheticLayer } from './synthetic-layer.js';

interface Form {
  readonly name: string;
  readonly encoding: string;
  readonly pruned: Pruned;
  /** Of the encoding, where not its defaults. */
  readonly options?: EncodingOptions;
  /** Whether it makes a copy of an input for every weight of every sample. */
  readonly copies?: boolean;
}

// Beyond it a form is so slow, and so large, that nothing is learnt from waiting.
const MOST_COPIED_BYTES = 2 ** 28;

/** What a pruned layer can be written as, and what of it is pruned for that. */
const forms: readonly Form[] = [
  { name: 'dense with zeros', encoding: 'dense', pruned: 'weights' },
  { name: 'gather', encoding: 'gather', pruned: 'weights', copies: true },
  { name: 'gather-transposed', encoding: 'gather-transposed', pruned: 'weights', copies: true },
  { name: 'compact', encoding: 'compact', pruned: 'weights' },
  { name: 'fp16', encoding: 'fp16', pruned: 'weights', options: { of: 'dense' } },
  { name: 'compact, whole units', encoding: 'compact', pruned: 'units' },
];

export interface CrossingHooks {
  readonly signal?: AbortSignal;
  /** Told before each width and density. */
  readonly onProgress?: (done: number, total: number, label: string) => void;
}

/**
 * Measures a crossover map, width by width and density by density, and writes the file after each; what the file has
 * already, of the same settings on the same machine, is not measured again.
 *
 * @throws Error when the file holds something else
 */
export async function measureCrossover(
  file: string,
  options: Crossover['options'],
  hooks: CrossingHooks = {},
): Promise<Crossover> {
  const environment = await measuredEnvironment(options.provider, hooks.signal);
  let map = (await earlier(file, options, environment)) ?? {
    schema: 1,
    startedAt: new Date().toISOString(),
    environment,
    options,
    cells: [],
  };
  const points = options.widths.flatMap((width) => options.densities.map((density) => ({ width, density })));
  for (const [index, point] of points.entries()) {
    hooks.signal?.throwIfAborted();
    hooks.onProgress?.(
      index,
      points.length,
      `${point.width} units, ${+(100 * point.density).toPrecision(3)} %`,
    );
    if (map.cells.some(({ width, density }) => width === point.width && density === point.density)) continue;
    const cells = await measurePoint(point.width, point.density, options, hooks.signal);
    map = { ...map, cells: [...map.cells, ...cells] };
    await writeFileAtomic(file, `${JSON.stringify(map)}\n`);
  }
  hooks.onProgress?.(points.length, points.length, 'done');
  return map;
}

async function earlier(
  file: string,
  options: Crossover['options'],
  environment: BenchEnvironment,
): Promise<Crossover | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const map = parseCrossover(jsonOf(text), file);
  if (!isDeepStrictEqual(map.options, options)) {
    throw new Error(`${file}: holds a map of other settings; name another file, or remove this one.`);
  }
  const [then, now] = [machineOf(map.environment), machineOf(environment)];
  if (then === now) return map;
  throw new Error(
    `${file}: was measured on ${then}, and this is ${now}; name another file, or remove this one.`,
  );
}

/** What two measurements must have in common to stand in one map; free memory and load may differ. */
function machineOf({ cpu, cores, os, node, onnxruntime, gpu }: BenchEnvironment): string {
  const runs = `${cpu}, ${cores} cores, ${os}, Node.js ${node}, ONNX Runtime ${onnxruntime}`;
  return gpu ? `${runs}, ${gpu.name}, driver ${gpu.driver}` : runs;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All forms of one layer side by side, against the unpruned one. */
async function measurePoint(
  width: number,
  density: number,
  { provider, batches, repeats, blockMillis, threads, seed }: Crossover['options'],
  signal: AbortSignal | undefined,
): Promise<CrossoverCell[]> {
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-crossover-'));
  try {
    const dense = join(folder, 'dense.onnx');
    await writeFile(dense, encodeSubnetwork(syntheticLayer(width, 1, 'weights', seed), 'dense'));
    const files = new Map<Form, string>();
    for (const form of forms) {
      const file = join(folder, `${form.name.replaceAll(/\W+/g, '-')}.onnx`);
      await writeFile(
        file,
        encodeSubnetwork(syntheticLayer(width, density, form.pruned, seed), form.encoding, form.options),
      );
      files.set(form, file);
    }
    const cells: CrossoverCell[] = [];
    for (const batch of batches) {
      const fitting = forms.filter(
        ({ copies = false }) => !copies || 4 * batch * density * width ** 2 <= MOST_COPIED_BYTES,
      );
      const { models } = await compareLatencies({
        files: [dense, ...fitting.flatMap((form) => files.get(form) ?? [])],
        ...{ baseline: dense, provider, batches: [batch], repeats, threads, seed, signal },
        ...{ blockMillis, warmupMillis: blockMillis, maxSamplesPerBlock: 500 },
      });
      const [baseline, ...others] = models.map(({ batches: [row] }) => row);
      others.forEach((row, index) => {
        const encoding = fitting[index]?.name;
        if (!row?.ratioToBaseline || !baseline || encoding === undefined) return;
        const { ratioToBaseline: ratio, verdict = 'same', latencyMicros } = row;
        const medians = { micros: latencyMicros.p50, denseMicros: baseline.latencyMicros.p50 };
        cells.push({ width, density, batch, encoding, ratio, verdict, ...medians });
      });
    }
    return cells;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
