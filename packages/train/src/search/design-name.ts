import type { Design } from './families/family.js';

/** What a name has in place of a hyperparameter's own name. */
const shortNames: Readonly<Record<string, string>> = {
  hidden: 'h',
  depth: 'd',
  dropout: 'p',
  embedding: 'e',
  filters: 'f',
  windows: 'k',
  length: 'l',
  words: 'w',
  weights: '',
  rate: 'r',
};

/** The longest name that an experiment may have. */
const longest = 64;

/**
 * A name that says what was chosen, in the characters that folders may have: `ffnn-h256-d2-p0.3-w10000-tf-idf-r0.001`.
 * Two designs of a search differ in it, unless it had to be cut.
 */
export function designName({ family, choice }: Pick<Design, 'family' | 'choice'>): string {
  const parts = Object.entries(choice).map(
    ([key, value]) => `${shortNames[key] ?? key}${typeof value === 'object' ? value.join('.') : value}`,
  );
  // A plus is in large numbers: 1e+30.
  return [family, ...parts].join('-').replaceAll('+', '').slice(0, longest);
}
