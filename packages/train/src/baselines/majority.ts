import type { Classifier, ClassifiedSamples } from './classifier.js';
import { classCounts } from './classifier.js';

/** Gives every sample the class that most training samples have; of equally frequent ones the first. */
export function majorityClass(train: ClassifiedSamples, classes: number): Classifier {
  const counts = classCounts(train, classes);
  const most = counts.indexOf(Math.max(...counts));
  return ({ shape: [samples = 0] }) => new Int32Array(samples).fill(most);
}
