import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelInfo } from '@winning-tickets/onnx';
import type { Cleaned } from '@winning-tickets/train';
import { cleanRun } from '@winning-tickets/train';
import { readBytes } from './bytes.js';
import { codeOf } from './failures.js';
import { runFiles } from './run-folder.js';

/**
 * Deletes files of a run: its checkpoints, or all that this program wrote.
 *
 * @throws Error when the folder is not a run, or is being trained; nothing is deleted then.
 */
export async function cleanFolder(folder: string, what: 'checkpoints' | 'all'): Promise<Cleaned> {
  // First of all, because it refuses folders that are no runs, and runs in use.
  const checkpoints = await cleanRun(folder, 'checkpoints');
  if (what === 'checkpoints') return checkpoints;
  const products = await deleteProducts(folder);
  const rest = await cleanRun(folder, 'all');
  return {
    files: checkpoints.files + products.files + rest.files,
    bytes: checkpoints.bytes + products.bytes + rest.bytes,
    kept: rest.kept,
  };
}

/** Deletes what was made from a run: models, benchmark, analyses, report. */
async function deleteProducts(folder: string): Promise<{ files: number; bytes: number }> {
  const { exports, bench, report, stability } = runFiles(folder);
  const tables = (await readdir(folder)).filter((name) =>
    /^bench-(latency|throughput|size|session)\.csv$/.test(name),
  );
  const models = await ownModels(exports);
  let deleted = { files: 0, bytes: 0 };
  for (const path of [...models, bench, report, stability, ...tables.map((name) => join(folder, name))]) {
    const status = await stat(path).catch(() => undefined);
    if (!status?.isFile()) continue;
    await rm(path);
    deleted = { files: deleted.files + 1, bytes: deleted.bytes + status.size };
  }
  await rmdir(exports).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  });
  return deleted;
}

async function ownModels(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith('.onnx')).map((name) => join(folder, name));
  const own = await Promise.all(paths.map(isOwnModel));
  return paths.filter((_, index) => own[index]);
}

async function isOwnModel(path: string): Promise<boolean> {
  try {
    return readModelInfo(await readBytes(path), path).producer.name === 'winning-tickets';
  } catch {
    return false;
  }
}
