import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import { writeJson } from '../store/atomic.js';
import { fileProblem } from '../store/file-problem.js';
import { readJsonIfPresent } from '../store/read-file.js';
import type { Grid } from './grid.js';

/** The file that makes a folder a grid. */
const gridFileName = 'grid.json';

const maxGridBytes = 16_000_000;

const schema = z.object({
  schema: z.literal(1),
  name: z.string(),
  lists: z.record(z.string(), z.array(z.unknown())),
  /** Folders in the grid's folder. */
  cells: z.array(
    z.object({
      label: z.string(),
      values: z.record(z.string(), z.unknown()),
      // The pattern keeps a foreign file from naming a folder elsewhere.
      run: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
    }),
  ),
});

/** A grid on disk: which run is which of its experiments. */
export type GridRecord = z.infer<typeof schema>;

/** Where a grid's runs lie: `<root>/grid-<name>`. A grid that was changed has the same folder, and goes on in it. */
export function gridFolderPath(root: string, { name }: Pick<Grid, 'name'>): string {
  return join(root, `grid-${name}`);
}

/** Writes what a grid is made of. @throws Error when the folder cannot be written to */
export async function writeGrid(folder: string, record: GridRecord): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileProblem(error, 'create', folder);
  });
  await writeJson(join(folder, gridFileName), record);
}

/** The grid in a folder; undefined where it is none. @throws Error when its file is damaged */
export async function readGrid(folder: string): Promise<GridRecord | undefined> {
  const path = join(folder, gridFileName);
  const json = await readJsonIfPresent(path, maxGridBytes);
  return json === undefined ? undefined : parse(schema, json, path);
}
