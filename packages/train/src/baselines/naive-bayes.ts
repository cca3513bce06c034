import type { SparseInputs } from '@winning-tickets/datasets';
import type { ClassifiedSamples, Classifier } from './classifier.js';
import { classCounts } from './classifier.js';

/** A multinomial naive Bayes model: natural logarithms of probabilities, in double precision. */
export interface NaiveBayes {
  readonly classes: number;
  /** `[classes]`, negative infinity for a class without samples. */
  readonly logPriors: Float64Array;
  /** `[words, classes]`, the classes of one word side by side. */
  readonly logLikelihoods: Float64Array;
}

/**
 * Learns multinomial naive Bayes from bags of words (Manning, Raghavan & Schütze 2008, "Introduction to Information
 * Retrieval", section 13.2): with `n_c` of `n` samples in class `c`, `N_cw` the sum of word `w`'s values in them, `N_c`
 * the sum over the `V` words, and Laplace's `alpha`,
 *
 *     log P(c)     = log(n_c / n)
 *     log P(w | c) = log((N_cw + alpha) / (N_c + alpha * V))
 *
 * It is made for counts. Rows are read as they are stored: a document costs as much as it has words.
 *
 * @param alpha added to every count, above 0; default 1.
 */
export function learnNaiveBayes(
  { inputs, labels }: { readonly inputs: SparseInputs; readonly labels: ClassifiedSamples['labels'] },
  classes: number,
  alpha = 1,
): NaiveBayes {
  const [samples, words] = inputs.shape;
  const sums = new Float64Array(words * classes);
  const totals = new Float64Array(classes);
  eachValue(inputs, (row, word, value) => {
    const own = labels.data[row] ?? 0;
    sums[word * classes + own] = (sums[word * classes + own] ?? 0) + value;
    totals[own] = (totals[own] ?? 0) + value;
  });
  const logTotals = totals.map((total) => Math.log(total + alpha * words));
  return {
    classes,
    logPriors: Float64Array.from(classCounts({ labels }, classes), (count) => Math.log(count / samples)),
    logLikelihoods: sums.map((sum, index) => Math.log(sum + alpha) - (logTotals[index % classes] ?? 0)),
  };
}

/** `log P(c) + sum over words of x_w * log P(w | c)` for each sample and class, `[samples, classes]`. */
export function jointLogLikelihoods(
  { classes, logPriors, logLikelihoods }: NaiveBayes,
  inputs: SparseInputs,
): Float64Array {
  const [samples] = inputs.shape;
  const scores = new Float64Array(samples * classes);
  for (let row = 0; row < samples; row++) scores.set(logPriors, row * classes);
  eachValue(inputs, (row, word, value) => {
    for (let own = 0; own < classes; own++) {
      const place = row * classes + own;
      scores[place] = (scores[place] ?? 0) + value * (logLikelihoods[word * classes + own] ?? 0);
    }
  });
  return scores;
}

/** Gives each sample the class of the largest joint log-likelihood, of equal ones the first. */
export function naiveBayesClassifier(model: NaiveBayes): Classifier {
  const { classes } = model;
  return (inputs) => {
    if (inputs.layout !== 'sparse') throw new Error('naive Bayes takes bags of words, found dense inputs');
    const scores = jointLogLikelihoods(model, inputs);
    return Int32Array.from({ length: inputs.shape[0] }, (_, row) => {
      const own = scores.subarray(row * classes, (row + 1) * classes);
      return own.indexOf(Math.max(...own));
    });
  };
}

function eachValue(
  { shape, offsets, indices, values }: SparseInputs,
  visit: (row: number, word: number, value: number) => void,
): void {
  for (let row = 0; row < shape[0]; row++) {
    const end = offsets[row + 1] ?? 0;
    for (let place = offsets[row] ?? 0; place < end; place++) {
      visit(row, indices[place] ?? 0, values[place] ?? 0);
    }
  }
}
