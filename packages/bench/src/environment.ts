import { availableParallelism, cpus, loadavg, machine, platform, release, totalmem } from 'node:os';
import { env } from 'onnxruntime-node';
import { otherCpuShare } from './cpu-use.js';
import { describeGpu } from './gpu-state.js';
import type { BenchEnvironment, BenchProvider } from './result.js';
import type { SessionSetup } from './session.js';

// Other processes' share of the cores that still counts as an idle machine: some always run.
const IDLE_SHARE = 0.15;

/**
 * What the numbers depend on besides the models. It watches the machine for half a second; {@link finalLoad} is for
 * the end.
 *
 * @throws the signal's reason when it aborts.
 */
export async function describeEnvironment(
  signal?: AbortSignal,
): Promise<Omit<BenchEnvironment, 'loadAverageAfter'>> {
  const share = await otherCpuShare(signal);
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${platform()} ${release()} ${machine()}`,
    node: process.versions.node,
    onnxruntime: env.versions.node ?? env.versions.common,
    loadAverageBefore: loadavg(),
    ...(share !== undefined && { otherCpuShare: share }),
  };
}

/** The same, with the GPU where a provider needs one and the load averages of now. */
export async function measuredEnvironment(
  provider: BenchProvider,
  signal?: AbortSignal,
): Promise<BenchEnvironment> {
  const gpu = provider === 'cpu' ? undefined : await describeGpu();
  return { ...(await describeEnvironment(signal)), ...(gpu && { gpu }), loadAverageAfter: finalLoad() };
}

/** The load averages at the end of the benchmark. */
export function finalLoad(): number[] {
  return loadavg();
}

/** Why a machine's state before the benchmark casts doubt on it; empty when it does not. */
export function machineWarnings(
  { cores, otherCpuShare: share = 0, gpu }: Pick<BenchEnvironment, 'cores' | 'otherCpuShare' | 'gpu'>,
  { threads, provider }: SessionSetup,
): string[] {
  const warnings: string[] = [];
  if (provider !== 'cpu' && !gpu) {
    warnings.push(
      `No NVIDIA driver tells what runs ${provider} here: if it is a driver in software, these times say nothing of a GPU.`,
    );
  }
  if (share > IDLE_SHARE) {
    warnings.push(
      `The machine was busy: before the start other processes used ${(100 * share).toFixed(0)} % of the ` +
        `${cores} cores; measure again when it is idle.`,
    );
  }
  if (threads > cores) {
    warnings.push(`${threads} threads on ${cores} cores compete with each other.`);
  }
  return warnings;
}
