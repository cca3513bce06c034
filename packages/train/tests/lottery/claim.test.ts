import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type ClaimedStage, claimNext, dependenciesOf } from '../../src/lottery/claim.js';
import { type Stage, stagesOf } from '../../src/lottery/stages.js';
import { stageLabel } from '../../src/store/stage-path.js';
import { commitStage, readStage } from '../../src/store/stage.js';
import { experimentOf, inFolder, resultOf } from '../support/stages.js';

const plan = stagesOf(
  experimentOf({
    branches: [
      { kind: 'random-reinit', levels: [1, 2] },
      { kind: 'one-shot', levels: [2] },
    ],
  }),
);

async function claim(run: { folder: string }, preferTrial?: number): Promise<ClaimedStage> {
  const claimed = await claimNext(run, plan, preferTrial === undefined ? {} : { preferTrial });
  if (typeof claimed === 'string') throw new Error(`found ${claimed}, expected a stage`);
  return claimed;
}

async function finish(run: { folder: string }, { key, lock }: ClaimedStage): Promise<void> {
  await commitStage(run, key, resultOf(key));
  await lock.release();
}

describe('claiming the next stage', () => {
  test('by one worker: the ladder of its trial, its controls, then the other trial', () =>
    inFolder(async (folder) => {
      const run = { folder };
      const order: string[] = [];
      for (;;) {
        const claimed = await claimNext(run, plan, { preferTrial: 2 });
        if (claimed === 'finished') break;
        if (claimed === 'wait') throw new Error('there is nobody to wait for');
        order.push(stageLabel(claimed.key));
        await finish(run, claimed);
      }
      const stages = ['iterative, level 0', 'iterative, level 1', 'iterative, level 2'];
      const controls = ['random-reinit, level 1', 'random-reinit, level 2', 'one-shot, level 2'];
      const ofTrial = (trial: number) => [...stages, ...controls].map((name) => `trial ${trial}, ${name}`);
      expect(order).toEqual([...ofTrial(2), ...ofTrial(1)]);
    }));

  test('by several workers gives each a stage of its own, and lets the others wait', () =>
    inFolder(async (folder) => {
      const run = { folder };
      const first = await claim(run, 1);
      const second = await claim(run, 2);
      expect([first.key, second.key].map(stageLabel)).toEqual([
        'trial 1, iterative, level 0',
        'trial 2, iterative, level 0',
      ]);
      expect(await claimNext(run, plan)).toBe('wait');
      await finish(run, first);
      expect(stageLabel((await claim(run, 2)).key)).toBe('trial 1, iterative, level 1');
      // The dense ticket is all that one-shot pruning needs.
      expect(stageLabel((await claim(run)).key)).toBe('trial 1, one-shot, level 2');
      expect(await claimNext(run, plan)).toBe('wait');
    }));

  test('never starts a stage before those that it needs, and trains each once, whatever the workers do', () =>
    inFolder(async (folder) => {
      const run = { folder };
      const done = new Set<string>();
      const begun = new Set<string>();
      const worker = async (number: number) => {
        for (;;) {
          const claimed = await claimNext(run, plan, { preferTrial: 1 + (number % 2) });
          if (claimed === 'finished') return;
          if (claimed !== 'wait') {
            // Asked of the files: whoever finished one may not have come to say so here.
            for (const key of dependenciesOf(claimed.key)) expect(await readStage(run, key)).toBeDefined();
            expect(begun.has(stageLabel(claimed.key))).toBe(false);
            begun.add(stageLabel(claimed.key));
            await commitStage(run, claimed.key, resultOf(claimed.key));
            done.add(stageLabel(claimed.key));
            await claimed.lock.release();
          }
          await setImmediate();
        }
      };
      await Promise.all([0, 1, 2].map(worker));
      expect(done.size).toBe(plan.length);
    }));

  test('passes over a stage that another worker finished meanwhile', () =>
    inFolder(async (folder) => {
      const asked = new Map<string, number>();
      // Finished between the first look and the lock: the second question is answered by yes.
      const done = (key: Stage) => {
        const times = (asked.get(stageLabel(key)) ?? 0) + 1;
        asked.set(stageLabel(key), times);
        return Promise.resolve(times > 1);
      };
      expect(await claimNext({ folder }, plan, { done })).toBe('wait');
      expect(await claimNext({ folder }, plan)).toMatchObject({ key: { trial: 1, level: 0 } });
    }));

  test('is an error when nothing that is planned can ever start', () =>
    inFolder(async (folder) => {
      const orphan = [{ trial: 1, branch: 'iterative', level: 3 }] as const;
      await expect(claimNext({ folder }, orphan)).rejects.toThrow(
        'trial 1, iterative, level 3 waits for trial 1, iterative, level 2, which no planned stage can provide',
      );
    }));
});
