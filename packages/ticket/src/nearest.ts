import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a word begins, or else the one with the least edit distance to it, for "did you mean" messages;
 * `undefined` when none is close (more than half of the word would have to change) or there are no candidates.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.find((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (begun !== undefined && word.length > 2) return begun;
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || edits < best.edits) best = { candidate, edits };
  }
  if (!best) return undefined;
  return best.edits <= Math.max(word.length, best.candidate.length) / 2 ? best.candidate : undefined;
}

/** `; did you mean 'x'?`, the list of what is known when nothing is close, or nothing when nothing is known. */
export function suggestion(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const close = nearest(word, candidates);
  return close === undefined ? `; known are ${candidates.join(', ')}` : `; did you mean '${close}'?`;
}
