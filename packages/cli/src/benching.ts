import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchOptions, BenchResult } from '@winning-tickets/bench';
import { benchmark, toCsv } from '@winning-tickets/bench';
import { SingleBar, Presets } from 'cli-progress';
import writeFileAtomic from 'write-file-atomic';
import { note } from './terminal.js';

/** Measures models and shows how that goes on standard error. */
export async function benchWithProgress(options: BenchOptions): Promise<BenchResult> {
  if (!process.stderr.isTTY) {
    let stage = '';
    return await benchmark({
      ...options,
      onProgress: (progress) => {
        if (progress.stage !== stage) note(`measuring ${progress.stage}`);
        stage = progress.stage;
      },
    });
  }
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: 'measuring {stage} {bar} {value}/{total}  {label}',
      barsize: 20,
      linewrap: false,
      gracefulExit: false,
      hideCursor: false,
    },
    Presets.shades_grey,
  );
  bar.start(1, 0, { stage: '', label: '' });
  try {
    return await benchmark({
      ...options,
      onProgress: ({ stage, done, total, label }) => {
        bar.setTotal(total);
        bar.update(done, { stage: stage.padEnd(8), label });
      },
    });
  } finally {
    bar.stop();
  }
}

/** Writes a result as JSON. */
export async function writeBench(file: string, result: BenchResult): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify(result)}\n`);
}

/** Writes a result's tables as CSV. @returns the files */
export async function writeCsv(folder: string, result: BenchResult): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [name, text] of Object.entries(toCsv(result))) {
    const file = join(folder, `bench-${name}.csv`);
    await writeFileAtomic(file, text);
    files.push(file);
  }
  return files;
}
