import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

/** The end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** A whole number; whether it is in range says who uses it. */
export function integer(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** A whole number of at least 1. */
export function count(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return value;
}

/** Whole numbers with commas between them, from 0. */
export function integers(text: string): number[] {
  const values = text.split(',').map((part) => integer(part.trim()));
  if (values.some((value) => value < 0)) throw new InvalidArgumentError('Expected whole numbers from 0.');
  return values;
}

/** Sizes from 1 with commas between them; `1..1024` stands for the powers of two from one to the other. */
export function sizes(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [from = '', to, ...rest] = part.trim().split('..');
    if (rest.length > 0) throw new InvalidArgumentError('Expected sizes, or two sizes with .. between them.');
    const [least, most] = [count(from), count(to ?? from)];
    const powers: number[] = [];
    for (let size = least; size <= most; size *= 2) powers.push(size);
    return powers;
  });
}

/** Words with commas between them. */
export function words(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === ''))
    throw new InvalidArgumentError('Expected names with commas between them.');
  return parts;
}

export function runsOption() {
  return new Option('--runs <dir>', 'folder that all runs are in').default('runs');
}

export function dataDirOption() {
  return new Option('--data-dir <dir>', "folder of your own copy of the data set's files");
}

export function jsonOption() {
  return new Option('--json', 'print JSON');
}
