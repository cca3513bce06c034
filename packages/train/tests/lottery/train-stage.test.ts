import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensors } from '@winning-tickets/onnx';
import { density, survivors } from '@winning-tickets/ticket';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFolderPath } from '../../src/run-store.js';
import type { Run } from '../../src/store/read-run.js';
import { readRun } from '../../src/store/read-run.js';
import { stageFolder } from '../../src/store/stage-path.js';
import { readHistory, readStage, readStageTicket } from '../../src/store/stage.js';
import { mnist, stoppedAfterFirstChunk, twoStages, workOn } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

const experiment = twoStages();
const folderIn = (root: string, of = experiment) => runFolderPath({ root, experiment: of, dataset: mnist });
const stage = (level: number) => ({ trial: 1, branch: 'iterative' as const, level });

const bytesOf = (tensors: Tensors) =>
  Buffer.concat(
    Object.values(tensors).map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );

describe('a trained stage', () => {
  let root: string;
  let run: Run;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'stages-'));
    await workOn(root, experiment);
    run = await readRun(folderIn(root));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test('records the densities of its rung of the ladder: a fifth is pruned, a tenth of the last layer', () => {
    const [dense, pruned] = run.stages;
    expect(dense).toMatchObject({
      level: 0,
      density: 1,
      layerDensities: { 'fc1.weight': 1, 'fc2.weight': 1, 'fc3.weight': 1 },
      survivors: 266_200,
      total: 266_200,
    });
    expect(pruned).toMatchObject({
      level: 1,
      density: 213_060 / 266_200,
      layerDensities: { 'fc1.weight': 0.8, 'fc2.weight': 0.8, 'fc3.weight': 0.9 },
      survivors: 213_060,
      total: 266_200,
    });
  });

  test('leaves a ticket of that mask, whose weights are zero where masked at every point', async () => {
    const { initial: first } = await readStageTicket(run, stage(0));
    for (const { level, ticketHash, density: recorded } of run.stages) {
      const { hash, masks, best, trained, initial } = await readStageTicket(run, stage(level));
      expect(hash).toBe(ticketHash);
      expect(density(masks)).toBe(recorded);
      for (const [name, mask] of Object.entries(masks)) {
        for (const weights of [best[name], trained[name]]) {
          const nonzero = Array.from(weights?.data ?? [], Number).flatMap((weight, index) =>
            weight === 0 ? [] : [index],
          );
          expect(nonzero.length).toBeGreaterThan(0.9 * survivors(mask));
          expect(nonzero.every((index) => mask.data[index] === 1)).toBe(true);
        }
      }
      // Each level starts from the weights that the first one was given.
      expect(bytesOf(initial).equals(bytesOf(first))).toBe(true);
    }
  });

  test('records what the test set says where the validation loss is least, and at the end', async () => {
    for (const manifest of run.stages) {
      const { best, end } = manifest.metrics;
      const { evaluations } = await readHistory(run, manifest);
      expect(evaluations.map(({ iteration }) => iteration)).toEqual([10, 20]);
      const least = Math.min(...evaluations.map(({ validationLoss }) => validationLoss));
      expect(best.validationLoss).toBe(least);
      expect(evaluations).toContainEqual(
        expect.objectContaining({
          iteration: best.iteration,
          validationLoss: best.validationLoss,
          validationAccuracy: best.validationAccuracy,
        }),
      );
      expect(end).toMatchObject({ iteration: 20, validationLoss: evaluations[1]?.validationLoss });
      for (const point of [best, end]) {
        // Twenty steps teach more than a guess, and the two sides of MNIST are alike.
        expect(point.testAccuracy).toBeGreaterThan(0.4);
        expect(Math.abs(point.testLoss - point.validationLoss)).toBeLessThan(0.2);
        expect(Math.abs(point.testAccuracy - point.validationAccuracy)).toBeLessThan(0.1);
      }
    }
  });

  test('leaves neither a checkpoint nor a lock', async () => {
    for (const level of [0, 1]) {
      const files = (await readdir(stageFolder(run, stage(level)))).toSorted();
      expect(files).toEqual(['history.json', 'stage.json', expect.stringMatching(/^ticket-.+\.ticket$/)]);
    }
  });

  test('that was stopped after its first chunk and resumed has the same ticket as one that was not', () =>
    inFolder(async (other) => {
      const level0 = 'trial 1, iterative, level 0';
      const stopped = await stoppedAfterFirstChunk(other, experiment);
      expect(stopped).toMatchObject({ outcome: 'stopped', steps: { [level0]: [10] } });
      const halfway = { folder: folderIn(other) };
      expect(await readStage(halfway, stage(0))).toBeUndefined();
      expect(existsSync(join(stageFolder(halfway, stage(0)), 'checkpoint.safetensors'))).toBe(true);

      const resumed = await workOn(other, experiment);
      expect(resumed).toMatchObject({
        outcome: 'finished',
        steps: { [level0]: [20], 'trial 1, iterative, level 1': [10, 20] },
      });
      const hashes = (of: Run) => of.stages.map(({ ticketHash }) => ticketHash);
      expect(hashes(await readRun(halfway.folder))).toEqual(hashes(run));
      const history = async (of: Run) => Promise.all(of.stages.map((manifest) => readHistory(of, manifest)));
      expect(await history(await readRun(halfway.folder))).toEqual(await history(run));
    }));
});

test('a training that was stopped in the middle of its schedule and resumed has the same ticket as one that was not', () =>
  inFolder(async (root) => {
    const { pruning } = experiment;
    const scheduled = twoStages({
      optimizer: {
        kind: 'momentum',
        rate: 0.05,
        momentum: 0.9,
        weightDecay: 1e-4,
        rateFactors: { fc3: 0.5 },
      },
      schedule: [
        { kind: 'warmup', steps: 15 },
        { kind: 'step', at: [5, 13], factor: 0.5 },
        { kind: 'cosine', least: 0 },
      ],
      pruning: { ...pruning, levels: 0 },
    });
    const ticketIn = async (folder: string) =>
      (await readRun(folderIn(folder, scheduled))).stages.map(({ ticketHash }) => ticketHash);
    await workOn(join(root, 'whole'), scheduled);
    expect((await stoppedAfterFirstChunk(join(root, 'cut'), scheduled)).outcome).toBe('stopped');
    expect((await workOn(join(root, 'cut'), scheduled)).outcome).toBe('finished');
    expect(await ticketIn(join(root, 'cut'))).toEqual(await ticketIn(join(root, 'whole')));
  }));

test('a training that diverges ends with one sentence on the stage and the rate, and is not finished', () =>
  inFolder(async (root) => {
    const diverging = twoStages({ optimizer: { kind: 'sgd', rate: 1e30 } });
    await expect(workOn(root, diverging)).rejects.toThrow(
      /^trial 1, iterative, level 0: the loss is no longer a finite number after 10 steps: lower optimizer\.rate$/,
    );
    const folder = folderIn(root, diverging);
    expect((await readRun(folder)).stages).toEqual([]);
    // The failure is on record; nothing to resume from, and nothing that keeps others away.
    expect(await readdir(stageFolder({ folder }, stage(0)))).toEqual(['failure.json']);
  }));
