import pc from 'picocolors';

/** What a text may be dressed in; each returns the text alone where colours are off. */
export type Colors = Pick<ReturnType<typeof pc.createColors>, 'bold' | 'dim' | 'green' | 'red' | 'yellow'>;

/** Colours for a stream: on a terminal, unless NO_COLOR is set. */
export function colorsOf(stream: { readonly isTTY?: boolean }): Colors {
  const wanted = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return pc.createColors(wanted && stream.isTTY === true);
}

/** Writes results: text to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes results as JSON to standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Writes what is not a result, to standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes why the program failed. */
export function fail(sentence: string): void {
  note(`${colorsOf(process.stderr).red('tickets:')} ${sentence}`);
}

/** Ends quietly when nobody reads on: `tickets list | head -1`. */
export function quietPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
