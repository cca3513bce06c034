import { availableParallelism, cpus, loadavg, machine, platform, release, totalmem } from 'node:os';
import { env } from 'onnxruntime-node';
import type { BenchEnvironment } from './result.js';

/** What the numbers depend on besides the models. {@link finalLoad} is for its end. */
export function describeEnvironment(): Omit<BenchEnvironment, 'loadAverageAfter'> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${platform()} ${release()} ${machine()}`,
    node: process.versions.node,
    onnxruntime: env.versions.node ?? env.versions.common,
    loadAverageBefore: loadavg(),
  };
}

/** The load averages at the end of the benchmark. */
export function finalLoad(): number[] {
  return loadavg();
}

/** Why a machine's state before the benchmark casts doubt on it; empty when it does not. */
export function machineWarnings(
  environment: Pick<BenchEnvironment, 'cores' | 'loadAverageBefore'>,
  threads: number,
): string[] {
  const warnings: string[] = [];
  const [load = 0] = environment.loadAverageBefore;
  if (load > 0.5 * environment.cores) {
    warnings.push(
      `The machine was busy: load average ${load.toFixed(2)} on ${environment.cores} cores before the start; ` +
        `measure again when it is idle.`,
    );
  }
  if (threads > environment.cores) {
    warnings.push(`${threads} threads on ${environment.cores} cores compete with each other.`);
  }
  return warnings;
}
