// Options of a tool on its command line.
import { parseArgs } from 'node:util';

/**
 * The options and arguments given, as `parseArgs` returns them. Prints the usage and ends where `--help` is asked for; says in
 * one sentence what is not understood and exits with 2.
 *
 * @param {string} usage
 * @param {import('node:util').ParseArgsConfig['options']} options all but `help`.
 */
export function optionsOf(usage, options) {
  const all = { ...options, help: { type: 'boolean', default: false } };
  try {
    const parsed = parseArgs({ allowPositionals: true, options: all });
    if (!parsed.values.help) return parsed;
    console.log(usage);
    return process.exit(0);
  } catch (error) {
    return refuse(error.message.split('. ')[0]);
  }
}

/** A whole number from 1 that an option has. */
export function wholeNumber(option, text) {
  return /^[1-9]\d{0,5}$/.test(text)
    ? Number(text)
    : refuse(`${option} takes a whole number from 1, found "${text}"`);
}

/** Whole numbers from 1 that an option has, comma-separated. */
export function wholeNumbers(option, text) {
  return text.split(',').map((part) => wholeNumber(option, part));
}

/** A decimal above 0 and up to 1 that an option has. */
export function share(option, text) {
  const number = /^\d*\.?\d+(e-?\d+)?$/.test(text) ? Number(text) : NaN;
  // Written so that NaN fails.
  return number > 0 && number <= 1
    ? number
    : refuse(`${option} takes a number above 0 and up to 1, found "${text}"`);
}

/** One of some words that an option has. */
export function oneOf(option, text, known) {
  return known.includes(text) ? text : refuse(`${option} takes ${known.join(', ')}, found "${text}"`);
}

/** Some of some words that an option has, comma-separated. */
export function someOf(option, text, known) {
  return text.split(',').map((part) => oneOf(option, part, known));
}

/** Ends the process with one sentence about how it was called. */
export function refuse(problem) {
  console.error(`${problem}; see --help.`);
  return process.exit(2);
}
