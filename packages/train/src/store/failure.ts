import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@winning-tickets/ticket';
import { z } from 'zod';
import type { Stage } from '../lottery/stages.js';
import { writeJson } from './atomic.js';
import { fileProblem } from './file-problem.js';
import { readJsonIfPresent } from './read-file.js';
import { stageFolder } from './stage-path.js';

/** The file in the folder of a stage whose last attempt failed. */
export const failureFileName = 'failure.json';

const maxBytes = 100_000;

const schema = z.object({ schema: z.literal(1), message: z.string(), failedAt: z.iso.datetime() });

/** Why a stage failed, and when. */
export type Failure = z.infer<typeof schema>;

/** Records that an attempt at a stage failed; it is tried again whenever its run goes on. */
export async function writeFailure(
  run: { readonly folder: string },
  key: Stage,
  message: string,
): Promise<void> {
  const failure: Failure = { schema: 1, message, failedAt: new Date().toISOString() };
  await writeJson(join(stageFolder(run, key), failureFileName), failure);
}

/** Why the last attempt at a stage failed; undefined where it did not, or another is being made. */
export async function readFailure(
  run: { readonly folder: string },
  key: Stage,
): Promise<Failure | undefined> {
  const path = join(stageFolder(run, key), failureFileName);
  const json = await readJsonIfPresent(path, maxBytes);
  return json === undefined ? undefined : parse(schema, json, path);
}

/** Forgets an earlier failure, since the stage is tried again. */
export async function forgetFailure(run: { readonly folder: string }, key: Stage): Promise<void> {
  const path = join(stageFolder(run, key), failureFileName);
  await rm(path, { force: true }).catch((error: unknown) => {
    throw fileProblem(error, 'delete', path);
  });
}
