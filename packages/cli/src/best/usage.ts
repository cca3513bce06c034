import type { EncodingSwitches } from '../exporting.js';
import { UsageError } from '../failures.js';

const BEST = 'best';

/**
 * Whether the fastest encoding is asked for.
 *
 * @param options that are for this alone, by name.
 * @throws UsageError when it is asked for beside others, or with a file or switch that does not go with it, and when one of
 *   these options is given without it.
 */
export function checkBest(
  encodings: readonly string[],
  out: string,
  options: Readonly<Record<string, unknown>>,
  { compactBag = false, of }: EncodingSwitches,
): boolean {
  if (!encodings.includes(BEST)) {
    const [lost] = Object.keys(options).filter((name) => options[name] !== undefined);
    if (lost !== undefined) throw new UsageError(`${flag(lost)} is for --encoding best`);
    return false;
  }
  if (encodings.length > 1)
    throw new UsageError("'best' chooses among all encodings: name no other beside it");
  if (out.endsWith('.onnx'))
    throw new UsageError(`--out ${out}: 'best' writes models and the evidence, so name a folder`);
  if (compactBag || of !== undefined) {
    throw new UsageError(`'best' decides that itself: leave ${compactBag ? '--compact-bag' : '--of'} out`);
  }
  return true;
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
