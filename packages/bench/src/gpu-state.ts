import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { BenchEnvironment, GpuState } from './result.js';

// Fewer readings miss what a block does to the clocks, more of them would be load of their own.
const PERIOD_MILLIS = 100;
const stateFields = 'clocks.sm,clocks.mem,power.draw,temperature.gpu';

/** A process that goes on reading the state of the GPU. */
export interface GpuWatch {
  /** The last reading; undefined before the first, and where there is no NVIDIA driver. */
  latest(): GpuState | undefined;
  stop(): void;
}

/** The first GPU, as NVIDIA's `nvidia-smi` describes it; undefined without one. */
export async function describeGpu(): Promise<BenchEnvironment['gpu']> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=name,driver_version,memory.total',
      '--format=csv,noheader,nounits',
      '--id=0',
    ]);
    const [name = '', driver = '', mebibytes = ''] = stdout.trim().split(', ');
    return { name, driver, memoryBytes: Number(mebibytes) * 2 ** 20 };
  } catch {
    return undefined;
  }
}

/**
 * Starts to read clocks, power and temperature of the first GPU ten times a second. It is one process beside the
 * benchmark rather than one started at each block, which would cost more than the block.
 */
export async function watchGpu(): Promise<GpuWatch> {
  let latest: GpuState | undefined;
  const watcher = spawn(
    'nvidia-smi',
    [`--query-gpu=${stateFields}`, '--format=csv,noheader,nounits', '--id=0', `-lms`, `${PERIOD_MILLIS}`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // The first reading, or that there will be none.
  await new Promise<void>((resolve) => {
    let rest = '';
    watcher.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      latest = parseGpuState(lines.at(-1) ?? '') ?? latest;
      if (latest) resolve();
    });
    watcher.once('error', resolve);
    watcher.once('exit', resolve);
  });
  watcher.unref();
  return { latest: () => latest, stop: () => watcher.kill() };
}

/** A line of `nvidia-smi`: numbers with commas between them, in the order of the query; undefined for any other. */
export function parseGpuState(line: string): GpuState | undefined {
  const numbers = line.split(',').map(Number);
  const [smClockMhz = NaN, memoryClockMhz = NaN, powerWatts = NaN, temperatureCelsius = NaN] = numbers;
  const state = { smClockMhz, memoryClockMhz, powerWatts, temperatureCelsius };
  return Object.values(state).every(Number.isFinite) ? state : undefined;
}
