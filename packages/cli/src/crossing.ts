import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { BenchEnvironment, Crossover } from '@winning-tickets/bench';
import { measuredEnvironment, parseCrossover } from '@winning-tickets/bench';
import writeFileAtomic from 'write-file-atomic';
import { secondsOf } from './crossing-cost.js';
import type { CrossoverPoint } from './crossing-forms.js';
import { measurePoint } from './crossing-point.js';
import { codeOf } from './failures.js';
import { durationText } from './render/format.js';

export interface CrossingHooks {
  readonly signal?: AbortSignal;
  /** Told once what there is to measure: widths with densities, and about how long they take. */
  readonly onPlan?: (points: number, seconds: number) => void;
  /** Told before each mask of each width and density. */
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
  const points = missingPoints(map);
  const costs = points.map((point) => secondsOf(point, options));
  hooks.onPlan?.(points.length, sum(costs));
  const begun = performance.now();
  const total = points.length * options.seeds;
  for (const [index, point] of points.entries()) {
    const cells = await measurePoint(point, options, {
      signal: hooks.signal,
      onMask(mask) {
        hooks.signal?.throwIfAborted();
        const done = sum(costs.slice(0, index)) + ((costs[index] ?? 0) * mask) / options.seeds;
        const passed = (performance.now() - begun) / 1000;
        const left = done === 0 ? undefined : (passed / done) * (sum(costs) - done);
        hooks.onProgress?.(index * options.seeds + mask, total, labelOf(point, mask, options.seeds, left));
      },
    });
    map = { ...map, cells: [...map.cells, ...cells] };
    await writeFileAtomic(file, `${JSON.stringify(map)}\n`);
  }
  hooks.onProgress?.(total, total, 'done');
  return map;
}

/** What of a map is not yet measured. */
function missingPoints({ options, cells }: Crossover): CrossoverPoint[] {
  const points = options.widths.flatMap((width) => options.densities.map((density) => ({ width, density })));
  return points.filter(
    (point) => !cells.some(({ width, density }) => width === point.width && density === point.density),
  );
}

function labelOf({ width, density }: CrossoverPoint, mask: number, seeds: number, left?: number): string {
  const which = seeds === 1 ? '' : `, mask ${mask + 1} of ${seeds}`;
  const time = left === undefined ? '' : `, about ${durationText(left)} left`;
  return `${width} units, ${+(100 * density).toPrecision(3)} %${which}${time}`;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

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
