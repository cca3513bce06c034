// Commits one stage of a run after the other, each with a checkpoint first, until it is killed.
import type { RunFolder } from '../../src/run-store.js';
import { writeCheckpoint } from '../../src/store/checkpoint.js';
import { acquire } from '../../src/store/lock.js';
import { stageFolder } from '../../src/store/stage-path.js';
import { commitStage } from '../../src/store/stage.js';
import { resultOf } from './stages.js';

const [json = '', trial = ''] = process.argv.slice(2);
const run = JSON.parse(json) as RunFolder;
console.log('ready');
for (let level = 0; ; level++) {
  const stage = { trial: Number(trial), branch: 'iterative', level } as const;
  const result = resultOf(stage);
  const lock = await acquire(stageFolder(run, stage));
  await writeCheckpoint(run, stage, { tensors: {}, data: { level } });
  await commitStage(run, stage, result);
  await lock?.release();
}
