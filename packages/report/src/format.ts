/** What stands in place of a number that is not known. */
export const unknown = '–';

type Maybe = number | null | undefined;

function finite(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function write(value: Maybe, text: (value: number) => string): string {
  // The minus sign is as wide as a plus and is not a line break.
  return finite(value) ? text(value).replace(/^-/, '−') : unknown;
}

/** `98.12` of a share of 0.9812: per cent without the sign. */
export function percentage(share: Maybe, digits = 2): string {
  return write(share, (value) => (value * 100).toFixed(digits));
}

/** A density to four digits at most, as the literature writes them: `100 %`, `51.28 %`, `3.58 %`, `0.0123 %`. */
export function densityText(share: Maybe): string {
  return write(share, (value) => {
    const percent = value * 100;
    if (percent === 100 || percent === 0) return `${percent} %`;
    return `${percent >= 1 ? percent.toFixed(2) : percent.toPrecision(3)} %`;
  });
}

/** A difference of two shares in percentage points, with its sign: `+0.21`, `−0.30`. */
export function points(difference: Maybe): string {
  return write(difference, (value) => {
    const text = (value * 100).toFixed(2);
    return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? '0.00' : text;
  });
}

/** A whole number with thousands separated: `1,234`. */
export function whole(value: Maybe): string {
  return write(value, (number) => Math.round(number).toLocaleString('en-US'));
}

/** A number to some decimals. */
export function decimal(value: Maybe, digits = 2): string {
  return write(value, (number) => number.toFixed(digits));
}

/** A time in the unit that suits its size, three digits: `8.20 µs`, `1.35 ms`, `2.00 s`. */
export function microsText(micros: Maybe): string {
  return write(micros, (value) => {
    if (value < 999.5) return `${threeDigits(value)} µs`;
    if (value < 999_500) return `${threeDigits(value / 1e3)} ms`;
    return `${threeDigits(value / 1e6)} s`;
  });
}

/** A size in decimal units, three digits: `812 B`, `112 kB`, `1.07 MB`. */
export function bytesText(bytes: Maybe): string {
  return write(bytes, (value) => {
    const size = Math.abs(value);
    if (size < 999.5) return `${Math.round(value)} B`;
    if (size < 999_500) return `${threeDigits(value / 1e3)} kB`;
    if (size < 999_500_000) return `${threeDigits(value / 1e6)} MB`;
    return `${threeDigits(value / 1e9)} GB`;
  });
}

/** A duration in words: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(seconds: Maybe): string {
  return write(seconds, (value) => {
    if (value < 10) return `${value.toFixed(1)} s`;
    const total = Math.round(value);
    if (total < 60) return `${total} s`;
    if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
    const minutes = Math.round(value / 60);
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  });
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return size >= 99.95 ? value.toFixed(0) : size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** `1 trial`, `2 trials`. */
export function count(number: number, noun: string): string {
  return `${whole(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Numbers as ranges: `1–3, 7`. */
export function ranges(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number <= run.last + 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
