import { distance } from 'fastest-levenshtein';

/** The known name that takes the fewest edits from `name`, case ignored; undefined when there are none. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  const ranked = known.map((candidate) => ({
    candidate,
    edits: distance(wanted, candidate.toLowerCase()),
  }));
  return ranked.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}
