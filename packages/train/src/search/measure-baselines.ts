import { type Dataset, loadDataset, type Samples } from '@winning-tickets/datasets';
import type { Classifier } from '../baselines/classifier.js';
import { majorityClass } from '../baselines/majority.js';
import { learnNaiveBayes, naiveBayesClassifier } from '../baselines/naive-bayes.js';
import { type Agreement, agreement } from '@winning-tickets/ticket';
import type { Search } from './search.js';

/** What a classifier without a network reaches on the search's division. It has nothing to choose. */
export interface MeasuredBaseline {
  readonly name: 'majority class' | 'naive Bayes';
  /** What it is, in a few words. */
  readonly about: string;
  readonly validation: Agreement;
  readonly test: Agreement;
}

/**
 * The baselines of a search: the majority class, and of text multinomial naive Bayes over counts of words. The third,
 * a linear classifier, is the family `linear`, since it is trained and chosen like the others. There are none for
 * samples with sets of classes.
 *
 * @param words size of the vocabulary of text, undefined for images
 */
export async function measureBaselines(
  search: Search,
  words: number | undefined,
): Promise<MeasuredBaseline[]> {
  const text = words === undefined ? undefined : ({ kind: 'bag', words, weights: 'count' } as const);
  const dataset = await loadDataset({ ...search.dataset, text });
  const { inputs, labels } = dataset.train;
  if (labels.dtype !== 'int32') return [];
  const classes = dataset.classNames.length;
  const majority = measured(dataset, majorityClass({ inputs, labels }, classes));
  const baselines = [{ name: 'majority class' as const, about: 'the most frequent class', ...majority }];
  if (inputs.layout !== 'sparse') return baselines;
  const bayes = measured(dataset, naiveBayesClassifier(learnNaiveBayes({ inputs, labels }, classes)));
  const about = `multinomial, alpha 1, counts of ${inputs.shape[1]} words`;
  return [...baselines, { name: 'naive Bayes', about, ...bayes }];
}

function measured({ classNames, validation, test }: Dataset, classifier: Classifier) {
  const agreementOn = ({ inputs, labels }: Samples) => {
    const data = classifier(inputs);
    return agreement({ dtype: 'int32', shape: [data.length], data }, labels, classNames.length);
  };
  return { validation: agreementOn(validation), test: agreementOn(test) };
}
