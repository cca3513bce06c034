import type { BenchResult, Crossover } from '@winning-tickets/bench';
import { crossings, parseBenchResult } from '@winning-tickets/bench';
import writeFileAtomic from 'write-file-atomic';
import { readJson } from './bytes.js';

/**
 * Benchmarks whose models are shown on a crossover map's page.
 *
 * @throws Error in one sentence when a file is none, naming it
 */
export async function readPoints(files: readonly string[]): Promise<BenchResult[]> {
  return await Promise.all(files.map(async (file) => parseBenchResult(await readJson(file), file)));
}

/** Writes the page of a crossover map, with benchmarks of real tickets on it. */
export async function writeCrossoverReport(
  file: string,
  map: Crossover,
  benches: readonly BenchResult[],
  command: string,
): Promise<void> {
  // Its plots take longer to load than all the rest, and only this function needs them.
  const { renderCrossoverReport } = await import('@winning-tickets/report');
  await writeFileAtomic(file, renderCrossoverReport({ map, crossings: crossings(map), benches, command }));
}
