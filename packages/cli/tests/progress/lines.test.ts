import { expect, test } from 'vitest';
import { lineView } from '../../src/progress/lines.js';
import { initialProgress } from '../../src/progress/progress-state.js';
import { finishedText, overviewOf } from '../../src/render/progress.js';
import { manifest } from '../manifests.js';

test('a line every ten seconds, and one for each finished training', () => {
  const lines: string[] = [];
  let now = 0;
  const view = lineView(
    (line) => lines.push(line),
    () => now,
  );
  const state = overviewOf(initialProgress(2, 0, 3000));
  for (now = 0; now <= 25_000; now += 1000) view.update(state);
  expect(lines).toHaveLength(2);
  view.finished(
    finishedText(
      manifest({ trial: 1, branch: 'iterative', level: 3, density: 0.5128, accuracy: 0.98, iteration: 900 }),
    ),
  );
  expect(lines.at(-1)).toBe(
    'finished trial 1, iterative, level 3: 51.28 % of the weights, test accuracy 98.00 %, early stop at 900, 1 s',
  );
});
