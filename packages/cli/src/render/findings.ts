import type { Finding } from '../diagnosis.js';
import type { Colors } from '../terminal.js';

/** One finding in a line. */
export function findingText(
  { status, name, detail }: Finding,
  colors: Pick<Colors, 'green' | 'red' | 'yellow'>,
): string {
  const mark = {
    works: colors.green('works  '),
    absent: colors.yellow('absent '),
    broken: colors.red('broken '),
  }[status];
  return `${mark} ${name}: ${detail}`;
}
