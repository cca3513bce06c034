import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32, int64 } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointFileName, readCheckpoint, writeCheckpoint } from '../../src/store/checkpoint.js';
import { stageFolder } from '../../src/store/stage-path.js';
import { inFolder } from '../support/stages.js';

const stage = { trial: 1, branch: 'iterative', level: 3 } as const;
const checkpoint = {
  tensors: { 'parameters/fc1.weight': float32([1, -0, NaN, 1e-40], [2, 2]), data: int64([2 ** 40]) },
  data: {
    step: 300,
    best: { loss: Infinity, iteration: -0 },
    history: [0.1, NaN, -Infinity],
    name: '$number',
  },
};

function runIn(folder: string) {
  return { folder, hash: '0123456789ab' };
}

async function read(folder: string, of: { trial: number; branch: 'iterative'; level: number } = stage) {
  const notices: string[] = [];
  const found = await readCheckpoint(runIn(folder), of, (sentence) => notices.push(sentence));
  return { found, notices };
}

describe('a checkpoint', () => {
  test('comes back as it was written, to the last bit and with numbers that JSON has not', () =>
    inFolder(async (folder) => {
      await writeCheckpoint(runIn(folder), stage, checkpoint);
      expect(await read(folder)).toEqual({ found: checkpoint, notices: [] });
    }));

  test('keeps any data that JSON has, and every number', () =>
    inFolder(async (folder) => {
      const value = fc.letrec((tie) => ({
        any: fc.oneof(
          fc.double(),
          fc.string(),
          fc.boolean(),
          fc.constant(null),
          fc.array(tie('any'), { maxLength: 3 }),
          fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie('any'), { maxKeys: 3, noNullPrototype: true }),
        ),
      })).any;
      await fc.assert(
        fc.asyncProperty(value, async (any) => {
          await writeCheckpoint(runIn(folder), stage, { tensors: {}, data: { any } });
          expect((await read(folder)).found?.data).toEqual({ any });
        }),
        { seed: 1, numRuns: 40 },
      );
    }));

  test('replaces the one before', () =>
    inFolder(async (folder) => {
      await writeCheckpoint(runIn(folder), stage, checkpoint);
      await writeCheckpoint(runIn(folder), stage, { tensors: {}, data: { step: 400 } });
      expect((await read(folder)).found).toEqual({ tensors: {}, data: { step: 400 } });
    }));

  test('may hold more data than the header of its file could', () =>
    inFolder(async (folder) => {
      const data = { history: Array.from({ length: 200_000 }, (_, index) => index / 7) };
      await writeCheckpoint(runIn(folder), stage, { tensors: {}, data });
      expect((await read(folder)).found?.data).toEqual(data);
    }));

  test('is undefined where there is none', () =>
    inFolder(async (folder) => {
      expect(await read(folder)).toEqual({ found: undefined, notices: [] });
    }));
});

describe('a checkpoint that cannot be trusted is refused with a notice, and the level starts again:', () => {
  test('one that was cut off or changed anywhere', () =>
    inFolder(async (folder) => {
      await writeCheckpoint(runIn(folder), stage, checkpoint);
      const path = join(stageFolder({ folder }, stage), checkpointFileName);
      const bytes = await readFile(path);
      const damaged = fc.oneof(
        fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length)),
        fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
          const copy = Buffer.from(bytes);
          copy.writeUInt8(copy.readUInt8(at) ^ flip, at);
          return copy;
        }),
      );
      await fc.assert(
        fc.asyncProperty(damaged, async (content) => {
          await writeFile(path, content);
          const { found, notices } = await read(folder);
          // Blanks that pad the header mean nothing: all else is noticed.
          if (found) expect(found).toEqual(checkpoint);
          else expect(notices).toEqual([expect.stringMatching(/; trial 1, iterative, level 3 starts again/)]);
        }),
        { seed: 1, numRuns: 300 },
      );
    }));

  test('one of another stage or run', () =>
    inFolder(async (folder) => {
      await writeCheckpoint(runIn(folder), stage, checkpoint);
      const bytes = await readFile(join(stageFolder({ folder }, stage), checkpointFileName));
      const other = { ...stage, level: 4 };
      await writeCheckpoint(runIn(folder), other, checkpoint);
      await writeFile(join(stageFolder({ folder }, other), checkpointFileName), bytes);
      const { found, notices } = await read(folder, other);
      expect(found).toBeUndefined();
      expect(notices[0]).toMatch(
        /not of this stage but of "0123456789ab, trial 1, iterative, level 3"; trial 1/,
      );
    }));
});
