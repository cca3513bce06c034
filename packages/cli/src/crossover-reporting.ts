import type { BenchResult, Crossover } from '@winning-tickets/bench';
import { crossings } from '@winning-tickets/bench';
import writeFileAtomic from 'write-file-atomic';

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
