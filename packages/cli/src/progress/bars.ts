import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { counted, durationText } from '../render/format.js';
import type { ProgressView } from './view.js';

const NAME_WIDTH = 38;

/** Progress on a terminal: a bar for the whole run, and one for each training that goes on. */
export function barView(stream: NodeJS.WriteStream): ProgressView {
  const bars = new MultiBar(
    {
      stream,
      format: '{name} {bar} {value}/{total}  {detail}',
      barsize: 20,
      linewrap: false,
      // A note takes the place of a line, which then must be drawn again.
      forceRedraw: true,
      // Signals are handled elsewhere, and the cursor must not stay hidden if the program ends at once.
      gracefulExit: false,
      hideCursor: false,
    },
    Presets.shades_grey,
  );
  const add = (name: string, total: number) =>
    bars.create(total, 0, { name: name.padEnd(NAME_WIDTH), detail: '' });
  let all: SingleBar | undefined;
  // A bar serves one training after the other: the next takes the place of one that ended.
  const places: { key: string | undefined; readonly bar: SingleBar }[] = [];
  const placeOf = (key: string, iterations: number) => {
    const known =
      places.find((place) => place.key === key) ?? places.find((place) => place.key === undefined);
    const place = known ?? { key, bar: add(key, iterations) };
    if (!known) places.push(place);
    place.key = key;
    return place.bar;
  };
  return {
    update({ noun, finished, expected, secondsLeft: left, active }) {
      all ??= add('all', expected);
      all.update(finished, {
        name: counted(expected, noun).padEnd(NAME_WIDTH),
        detail: left === undefined ? '' : `${durationText(left)} left`,
      });
      for (const place of places) {
        if (!active.some(({ name }) => name === place.key)) place.key = undefined;
      }
      for (const { name, step, iterations, score } of active) {
        const bar = placeOf(name, iterations);
        bar.setTotal(iterations);
        bar.update(step, { name: name.padEnd(NAME_WIDTH), detail: score });
      }
    },
    finished: () => undefined,
    note: (text) => {
      // Without bars nothing would draw it.
      if (all) bars.log(`${text}\n`);
      else stream.write(`${text}\n`);
    },
    stop: () => {
      if (all) bars.stop();
    },
  };
}
