import type { Bound, Ceilings, Work } from './result.js';

/**
 * What a call of a model has to cost at least, part by part, on a machine of these ceilings (a roofline, Williams et al.
 * 2009, with the costs of calling beside it), and which part is the largest: what bounds it.
 *
 * @param work of one call
 * @param hostBytes of the inputs and outputs of one call
 */
export function boundOf(work: Work, hostBytes: number, ceilings: Ceilings): Bound {
  const { callMicros, operatorMicros, operationsPerSecond, hostBytesPerSecond } = ceilings;
  const leastMicros = {
    call: callMicros,
    operators: operatorMicros * Math.max(0, work.operators - 1),
    memory: (work.bytes / copyRate(work.bytes, ceilings)) * 1e6,
    compute: (work.operations / operationsPerSecond) * 1e6,
    'host transfer': hostBytesPerSecond === null ? 0 : (hostBytes / hostBytesPerSecond) * 1e6,
  };
  const parts = Object.entries(leastMicros) as [keyof typeof leastMicros, number][];
  const [by] = parts.reduce((largest, part) => (part[1] > largest[1] ? part : largest));
  return { ...work, hostBytes, leastMicros, by };
}

/** Of the measured sizes the one nearest to what a call moves: a small model lives in a cache. */
function copyRate(bytes: number, { copies }: Ceilings): number {
  const distance = (size: number) => Math.abs(Math.log(Math.max(1, bytes) / (2 * size)));
  return copies.reduce((nearest, copy) => (distance(copy.bytes) < distance(nearest.bytes) ? copy : nearest))
    .bytesPerSecond;
}
