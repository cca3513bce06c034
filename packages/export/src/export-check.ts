import type { Agreement } from '@winning-tickets/ticket';

/** How an exported model compares with the trained network on the test samples. */
export interface ExportCheck {
  readonly samples: number;
  /** Share that the exported model classifies correctly, 0 to 1; of sets of classes, the whole set. */
  readonly accuracy: number;
  /** Share that the trained network classifies correctly, 0 to 1. */
  readonly referenceAccuracy: number;
  /** Mean cross-entropy of the exported model, nats; of sets of classes, the mean over the classes. */
  readonly loss: number;
  /** Mean cross-entropy of the trained network, nats. */
  readonly referenceLoss: number;
  /** F1 of the exported model, 0 to 1, over all classes together where samples have sets of them; see `Agreement`. */
  readonly f1: Omit<Agreement, 'accuracy'>;
  /** F1 of the trained network. */
  readonly referenceF1: Omit<Agreement, 'accuracy'>;
  /** Share of the samples for which both give the same class, or the same set of classes, right or wrong; 0 to 1. */
  readonly sameAnswers: number;
  /** Largest absolute difference between a logit of one and the same logit of the other. */
  readonly maxLogitDifference: number;
  /** What the encoding allows. */
  readonly tolerance: Tolerance;
  /**
   * Whether accuracy differs by no more than the encoding allows (for most: both classify the same number of samples
   * correctly) and no logit by more than its tolerance.
   */
  readonly equal: boolean;
  /** Why they are not equal, in one sentence; absent when they are. */
  readonly problem?: string;
}

/** How far an exported model may be from the trained network. */
export interface Tolerance {
  /** Of a logit, relative to the largest of the trained network's logits (at least 1). */
  readonly logit: number;
  /** Of the accuracy on the test samples, 0 to 1; 0: the same number of samples must be classified correctly. */
  readonly accuracy: number;
}
