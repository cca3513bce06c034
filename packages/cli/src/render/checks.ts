import type { CheckResult } from '../checks.js';
import type { Colors } from '../terminal.js';

/** One check in a line. */
export function checkText(
  { subject, sound, detail }: CheckResult,
  colors: Pick<Colors, 'green' | 'red'>,
): string {
  return `${sound ? colors.green('sound ') : colors.red('broken')} ${subject}: ${detail}`;
}
