// Options of a tool on its command line.
import { parseArgs } from 'node:util';

/**
 * The options and arguments given, as `parseArgs` returns them. Prints the usage and ends where `--help` is asked for; says in
 * one sentence what is not understood and exits with 2.
 *
 * @param {string} usage
 * @param {import('node:util').ParseArgsConfig['options']} options all but `help`.
 * @param {number} most as many arguments as this beside the options.
 */
export function optionsOf(usage, options, most = 0) {
  const { values, positionals } = parsed({ ...options, help: { type: 'boolean', default: false } });
  const { help, ...given } = values;
  if (help) {
    console.log(usage);
    process.exit(0);
  }
  if (positionals.length > most) {
    const expected = most === 0 ? 'no argument' : `at most ${most}`;
    refuse(`expected ${expected} beside the options, found ${positionals.join(' ')}`);
  }
  return { values: given, positionals };
}

function parsed(options) {
  try {
    return parseArgs({ allowPositionals: true, options });
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

/** A decimal from 0 that an option has. */
export function decimal(option, text) {
  return isDecimal(text) ? Number(text) : refuse(`${option} takes a number from 0, found "${text}"`);
}

/** A decimal above 0 and up to 1 that an option has. */
export function share(option, text) {
  return isDecimal(text) && Number(text) > 0 && Number(text) <= 1
    ? Number(text)
    : refuse(`${option} takes a number above 0 and up to 1, found "${text}"`);
}

function isDecimal(text) {
  return /^\d*\.?\d+(e-?\d+)?$/.test(text);
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
