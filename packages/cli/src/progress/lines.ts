import { overallText } from '../render/progress.js';
import type { ProgressView } from './view.js';

const EVERY_MILLIS = 10_000;

/** Progress where there is no terminal: a line now and then, and one for each finished training. */
export function lineView(
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): ProgressView {
  let last = now();
  return {
    update(overview) {
      if (now() - last < EVERY_MILLIS) return;
      last = now();
      write(overallText(overview));
    },
    finished: write,
    note: write,
    stop: () => undefined,
  };
}
