import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensors } from '@winning-tickets/onnx';
import { decodeSafetensors, encodeSafetensors } from '@winning-tickets/ticket';
import type { Stage } from '../lottery/stages.js';
import { writeAtomic } from './atomic.js';
import { exactParse, exactStringify } from './exact-json.js';
import { fileProblem } from './file-problem.js';
import { readIfPresent } from './read-file.js';
import { stageFolder, stageLabel } from './stage-path.js';

/** The state of an unfinished training: all that is needed to go on with it bit for bit. */
export interface Checkpoint {
  /** Weights, optimizer slots, masks, the best weights so far, under names of the trainer's choice. */
  readonly tensors: Tensors;
  /** Everything else, as JSON; numbers that JSON cannot hold (NaN, infinities, -0) are kept exactly. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The checkpoint's file name in its stage's folder. */
export const checkpointFileName = 'checkpoint.safetensors';

/** A buffer of Node.js holds no more. */
const maxCheckpointBytes = 2 ** 31 - 1;

/**
 * Writes the checkpoint of a stage, in place of the one before. Atomic: a crash leaves the one before.
 *
 * @throws Error when the disk is full or read-only
 */
export async function writeCheckpoint(
  run: { readonly folder: string; readonly hash: string },
  key: Stage,
  checkpoint: Checkpoint,
): Promise<void> {
  const folder = stageFolder(run, key);
  await makeFolder(folder);
  await writeAtomic(join(folder, checkpointFileName), encode(checkpoint, identity(run, key)));
}

/**
 * The checkpoint of a stage; undefined when there is none that can be used.
 *
 * A damaged checkpoint, or one of another run or stage, is not an error: the training starts again from its beginning.
 *
 * @param notice is told why a checkpoint was refused, in one sentence
 * @throws Error when the file is there but cannot be read
 */
export async function readCheckpoint(
  run: { readonly folder: string; readonly hash: string },
  key: Stage,
  notice: (sentence: string) => void,
): Promise<Checkpoint | undefined> {
  const path = join(stageFolder(run, key), checkpointFileName);
  const bytes = await readIfPresent(path, maxCheckpointBytes);
  if (!bytes) return undefined;
  try {
    return decode(bytes, path, identity(run, key));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notice(`${reason}; ${stageLabel(key)} starts again from its beginning`);
    return undefined;
  }
}

/** The data are a tensor, since they may be longer than a header can be. */
const dataName = 'data';
const tensorPrefix = 'tensor/';

function encode({ tensors, data }: Checkpoint, stage: string): Uint8Array {
  const text = Buffer.from(exactStringify(data));
  const content: Tensors = {
    ...Object.fromEntries(Object.entries(tensors).map(([name, value]) => [tensorPrefix + name, value])),
    [dataName]: { dtype: 'uint8', shape: [text.length], data: text },
  };
  return encodeSafetensors(content, { stage, seal: seal(content, stage) });
}

function decode(bytes: Uint8Array, path: string, expected: string): Checkpoint {
  const { tensors: content, metadata } = decodeSafetensors(bytes, path);
  const { stage = '', seal: recorded } = metadata;
  if (stage !== expected) throw new Error(`${path} is not of this stage but of "${stage}"`);
  if (recorded !== seal(content, stage))
    throw new Error(`${path} is damaged: its seal does not fit its content`);
  const { [dataName]: text, ...tensors } = content;
  return {
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, value]) => [name.slice(tensorPrefix.length), value]),
    ),
    data: exactParse(Buffer.from((text?.data ?? []) as Uint8Array).toString()) as Record<string, unknown>,
  };
}

/** SHA-256 of the file without its seal: equal contents give equal bytes. */
function seal(content: Tensors, stage: string): string {
  return createHash('sha256').update(encodeSafetensors(content, { stage })).digest('hex');
}

/** What a checkpoint must say to be used for a stage. */
function identity(run: { readonly hash: string }, key: Stage): string {
  return `${run.hash}, ${stageLabel(key)}`;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileProblem(error, 'create', folder);
  }
}
