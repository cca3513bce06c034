import type { BestEvidence, MeasuredBatch } from '../best/evidence.js';

/** Which encoding is the best at each batch size, a line each, by the run that had no part in the choice. */
export function bestText({ best, leftOut }: BestEvidence): string {
  return [
    ...best.map(({ batch, file, name, encoding, reported }) =>
      reported === null
        ? `batch ${batch}: dense, since nothing is faster beyond doubt; ${file}`
        : `batch ${batch}: ${encoding}, ${gain(reported)}; ${file} (${name})`,
    ),
    ...leftOut.map(({ encoding, reason }) => `left out ${encoding}: ${reason}`),
  ].join('\n');
}

function gain({ ratioToDense, latencyMicros, verdict }: MeasuredBatch): string {
  const micros = `${latencyMicros.p50.toFixed(1)} µs`;
  if (!ratioToDense) return micros;
  const { ratio, low, high } = ratioToDense;
  const times = `${ratio.toFixed(2)} of dense's latency (${low.toFixed(2)} to ${high.toFixed(2)}), ${micros}`;
  return verdict === 'faster' ? times : `${times}, which a second measurement does not confirm as faster`;
}
