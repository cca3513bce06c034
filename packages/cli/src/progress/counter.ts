import { Presets, SingleBar } from 'cli-progress';
import { note } from '../terminal.js';

/** Told before each of a number of things, and at the end. */
export type Counter = (done: number, total: number, label: string) => void;

/** Shows on standard error how many things of a task are done: a bar on a terminal, else a line for each. */
export async function withCounter<T>(verb: string, task: (count: Counter) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) {
    return await task((done, total, label) => {
      if (done < total) note(`${verb} ${label}, ${done + 1} of ${total}`);
    });
  }
  const format = `${verb} {bar} {value}/{total}  {label}`;
  const bar = new SingleBar(
    { stream: process.stderr, format, barsize: 20, linewrap: false, gracefulExit: false, hideCursor: false },
    Presets.shades_grey,
  );
  bar.start(1, 0, { label: '' });
  try {
    return await task((done, total, label) => {
      bar.setTotal(total);
      bar.update(done, { label });
    });
  } finally {
    bar.stop();
  }
}
