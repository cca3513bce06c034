/** What stands in place of a number that is not known. */
export const unknown = '–';

/** A whole number with thousands separated: `3,000`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 training`, `44 trainings`. */
export function counted(number: number, noun: string): string {
  return `${whole(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A share of 0 to 1 in per cent, two decimals: `98.12 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** A size in decimal units: `812 B`, `112 kB`, `1.1 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A duration: `8 s`, `3 min`, `2 h 10 min`; below ten minutes with seconds (`3 min 5 s`). */
export function durationText(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 600) {
    return total % 60 === 0 ? `${total / 60} min` : `${Math.floor(total / 60)} min ${total % 60} s`;
  }
  const minutes = Math.round(total / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A difference of logits: `0` or two digits, `3.8e-6`. */
export function smallNumber(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}
