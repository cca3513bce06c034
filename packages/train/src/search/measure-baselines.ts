import { loadDataset } from '@winning-tickets/datasets';
import { accuracyOf, classified, type Classifier } from '../baselines/classifier.js';
import { majorityClass } from '../baselines/majority.js';
import { learnNaiveBayes, naiveBayesClassifier } from '../baselines/naive-bayes.js';
import type { Search } from './search.js';

/** What a classifier without a network reaches on the search's division. It has nothing to choose. */
export interface MeasuredBaseline {
  readonly name: 'majority class' | 'naive Bayes';
  readonly about: string;
  readonly validation: { readonly accuracy: number };
  readonly test: { readonly accuracy: number };
}

/**
 * The baselines of a search: the majority class, and of text multinomial naive Bayes over counts of words. The third,
 * a linear classifier, is the family `linear`, since it is trained and chosen like the others.
 *
 * @param words size of the vocabulary of text, undefined for images
 */
export async function measureBaselines(
  search: Search,
  words: number | undefined,
): Promise<MeasuredBaseline[]> {
  const text = words === undefined ? undefined : ({ kind: 'bag', words, weights: 'count' } as const);
  const dataset = await loadDataset({ ...search.dataset, text });
  const classes = dataset.classNames.length;
  const train = classified(dataset, dataset.train);
  const validation = classified(dataset, dataset.validation);
  const test = classified(dataset, dataset.test);
  const measured = (
    name: MeasuredBaseline['name'],
    about: string,
    classifier: Classifier,
  ): MeasuredBaseline => ({
    ...{ name, about },
    validation: { accuracy: accuracyOf(classifier(validation.inputs), validation.labels.data) },
    test: { accuracy: accuracyOf(classifier(test.inputs), test.labels.data) },
  });
  const majority = measured('majority class', 'the most frequent class', majorityClass(train, classes));
  const { inputs, labels } = train;
  if (inputs.layout !== 'sparse') return [majority];
  const model = learnNaiveBayes({ inputs, labels }, classes);
  const about = `multinomial, alpha 1, counts of ${inputs.shape[1]} words`;
  return [majority, measured('naive Bayes', about, naiveBayesClassifier(model))];
}
