import type { ExportCheck, ExportedFile } from '@winning-tickets/export';
import { bytesText, percent, smallNumber, whole } from './format.js';

/** An exported file and how it compares with the trained network, in one line. */
export function exportedText({ file, bytes, check }: ExportedFile): string {
  const size = `exported ${file}: ${bytesText(bytes)}`;
  if (!check) return size;
  return (
    `${size}; on ${whole(check.samples)} test samples ${scores(check)}; ` +
    `largest difference of a logit ${smallNumber(check.maxLogitDifference)}`
  );
}

function scores({ tolerance, accuracy, referenceAccuracy, f1, sameAnswers }: ExportCheck): string {
  const sets =
    f1.microF1 === undefined
      ? ''
      : ` of whole sets, micro-F1 ${percent(f1.microF1)}, macro-F1 ${percent(f1.macroF1)}`;
  const found = `accuracy ${percent(accuracy)}${sets}`;
  // What rounds weights is not the same network.
  return tolerance.accuracy === 0
    ? `${found}, as the trained network`
    : `${found}, the trained network ${percent(referenceAccuracy)}, the same answer to ${percent(sameAnswers)}`;
}
