import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { softwareVersions, type SearchResult } from '@winning-tickets/train';
import writeFileAtomic from 'write-file-atomic';

/** Writes a search's report into its folder. @returns the file */
export async function writeSearchReport(
  folder: string,
  result: SearchResult,
  command: string,
): Promise<string> {
  const file = join(folder, 'report.html');
  // Its plots take longer to load than all the rest, and only this function needs them.
  const { renderSearchReport } = await import('@winning-tickets/report');
  const environment = {
    Processor: cpus()[0]?.model ?? 'unknown',
    Cores: availableParallelism(),
    ...softwareVersions(),
  };
  await writeFileAtomic(file, renderSearchReport({ result, command, environment }));
  return file;
}
