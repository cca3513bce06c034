import { readFile } from 'node:fs/promises';
import type { Crossover } from '@winning-tickets/bench';
import { crossings, parseBenchResult } from '@winning-tickets/bench';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes the page of a crossover map.
 *
 * @param points files of benchmark results whose models are shown on it
 */
export async function writeCrossoverReport(
  file: string,
  map: Crossover,
  points: readonly string[],
  command: string,
): Promise<void> {
  const benches = await Promise.all(
    points.map(async (path) => parseBenchResult(JSON.parse(await readFile(path, 'utf8')), path)),
  );
  // Its plots take longer to load than all the rest, and only this function needs them.
  const { renderCrossoverReport } = await import('@winning-tickets/report');
  await writeFileAtomic(
    file,
    renderCrossoverReport({ map, crossings: crossings(map.cells), benches, command }),
  );
}
