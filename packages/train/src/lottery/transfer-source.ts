import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Experiment } from '../experiment.js';
import type { FoundMasks } from '../pruning/transfer.js';
import type { RunFolder } from '../run-store.js';
import { findRun } from '../run-store.js';
import { errorCode } from '../store/file-problem.js';
import { stageLabel } from '../store/stage-path.js';
import { readStage, readStageTicket } from '../store/stage.js';
import { stagesOf } from './stages.js';

/**
 * The experiment with the whole name of the run that it takes masks from, which has its hash in it: what the masks are
 * is then part of what the experiment is.
 *
 * @param root the folder that all runs are in.
 * @throws Error when there is no such run, or more than one of that name.
 */
export async function withTransferSource(
  experiment: Experiment,
  root: string,
  source: string,
): Promise<Experiment> {
  const { transfer } = experiment;
  if (!transfer) return experiment;
  const { from } = transfer;
  const folders = await readdir(root).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const named = folders.filter((folder) => folder === from || folder.replace(/-[0-9a-f]{12}$/, '') === from);
  const [found, ...others] = named.includes(from) ? [from] : named;
  if (found === undefined) {
    throw new Error(
      `${source}: transfer.from is '${from}', but ${root} has no such run: train it first, or name another`,
    );
  }
  if (others.length > 0) {
    throw new Error(
      `${source}: transfer.from is '${from}', but ${root} has ${named.join(', ')}: give the whole name of one`,
    );
  }
  return { ...experiment, transfer: { from: found } };
}

/**
 * Checks that every ticket that will be asked for is there.
 *
 * @throws Error naming the first that is not.
 */
export async function checkTransferSource(
  experiment: Experiment,
  root: string,
  source: string,
): Promise<void> {
  const { transfer } = experiment;
  if (!transfer) return;
  const folder = join(root, transfer.from);
  await findRun(folder);
  for (const { trial, branch, level } of stagesOf(experiment)) {
    if (branch !== 'transferred') continue;
    const needed = { trial, branch: 'iterative', level } as const;
    if (!(await readStage({ folder }, needed))) {
      throw new Error(
        `${source}: ${basename(folder)} has no finished ${stageLabel(needed)}, which is to be transferred: ` +
          'train that run with as many trials and levels',
      );
    }
  }
}

/** The folder of the run that masks come from. */
export function sourceFolder(
  { folder }: Pick<RunFolder, 'folder'>,
  { from }: { readonly from: string },
): string {
  return join(dirname(folder), from);
}

/** The iterative tickets of one trial of a run, by level. */
export function ticketsOf(folder: string, trial: number): (level: number) => Promise<FoundMasks> {
  return (level) => readStageTicket({ folder }, { trial, branch: 'iterative', level });
}
