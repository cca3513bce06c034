import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Experiment } from '../../src/experiment.js';
import { checkTransferSource, withTransferSource } from '../../src/lottery/transfer-source.js';
import { openRun } from '../../src/run-store.js';
import { readStageTicket } from '../../src/store/stage.js';
import { mnist, smaller, twoStages, workOn } from '../support/mnist-run.js';
import { inFolder } from '../support/stages.js';

const transferring = (from: string, levels: readonly number[] = [1]) =>
  twoStages({
    network: smaller,
    name: 'other',
    branches: [{ kind: 'transferred', levels: [...levels] }],
    transfer: { from },
  });

async function trained(root: string, experiment: Experiment) {
  await workOn(root, experiment);
  return openRun({ root, experiment, dataset: mnist });
}

describe('the run to transfer from', () => {
  test('may be given by name, and is then known by its hash', () =>
    inFolder(async (root) => {
      await mkdir(join(root, 'mine-0123456789ab'));
      const found = await withTransferSource(transferring('mine'), root, 'other.json');
      expect(found.transfer).toEqual({ from: 'mine-0123456789ab' });
      expect(await withTransferSource(found, root, 'other.json')).toEqual(found);
    }));

  test('must be there, and only one of its name', () =>
    inFolder(async (root) => {
      const asked = () => withTransferSource(transferring('mine'), root, 'other.json');
      await expect(asked()).rejects.toThrow(
        `other.json: transfer.from is 'mine', but ${root} has no such run: train it first, or name another`,
      );
      await mkdir(join(root, 'mine-0123456789ab'));
      await mkdir(join(root, 'mine-ba9876543210'));
      await expect(asked()).rejects.toThrow(
        `other.json: transfer.from is 'mine', but ${root} has mine-0123456789ab, mine-ba9876543210: ` +
          'give the whole name of one',
      );
    }));

  test('must have the tickets that are asked for', () =>
    inFolder(async (root) => {
      const name = basename((await trained(root, twoStages({ network: smaller }))).folder);
      await checkTransferSource(transferring(name), root, 'other.json');
      const more = { ...transferring(name), trials: 2 };
      await expect(checkTransferSource(more, root, 'other.json')).rejects.toThrow(
        `other.json: ${name} has no finished trial 2, iterative, level 1, which is to be transferred: ` +
          'train that run with as many trials and levels',
      );
    }));

  test('gives its masks to the branch', () =>
    inFolder(async (root) => {
      const source = await trained(root, twoStages({ network: smaller }));
      const run = await trained(root, transferring(basename(source.folder)));
      const theirs = await readStageTicket(source, { trial: 1, branch: 'iterative', level: 1 });
      const ours = await readStageTicket(run, { trial: 1, branch: 'transferred', level: 1 });
      expect(ours.masks).toEqual(theirs.masks);
    }));
});
