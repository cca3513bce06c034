import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchResult, Crossover } from '@winning-tickets/bench';
import { crossings, crossingsCsv, crossoverCsv } from '@winning-tickets/bench';
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

/** Writes the cases of a crossover map, and where encodings begin to pay, as CSV. @returns the files */
export async function writeCrossoverCsv(folder: string, map: Crossover): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const [cases, pays] = [join(folder, 'crossover-cases.csv'), join(folder, 'crossover-crossings.csv')];
  await writeFileAtomic(cases, crossoverCsv(map));
  await writeFileAtomic(pays, crossingsCsv(crossings(map)));
  return [cases, pays];
}
