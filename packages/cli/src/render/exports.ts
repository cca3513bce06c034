import type { ExportedFile } from '@winning-tickets/export';
import { bytesText, percent, smallNumber, whole } from './format.js';

/** An exported file and how it compares with the trained network, in one line. */
export function exportedText({ file, bytes, check }: ExportedFile): string {
  const size = `exported ${file}: ${bytesText(bytes)}`;
  if (!check) return size;
  return (
    `${size}; on ${whole(check.samples)} test samples accuracy ${percent(check.accuracy)}, as the trained network; ` +
    `largest difference of a logit ${smallNumber(check.maxLogitDifference)}`
  );
}
