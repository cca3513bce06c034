/** How an exported model compares with the trained network on the test samples. */
export interface ExportCheck {
  readonly samples: number;
  /** Share that the exported model classifies correctly, 0 to 1. */
  readonly accuracy: number;
  /** Share that the trained network classifies correctly, 0 to 1. */
  readonly referenceAccuracy: number;
  /** Mean cross-entropy of the exported model, nats. */
  readonly loss: number;
  /** Mean cross-entropy of the trained network, nats. */
  readonly referenceLoss: number;
  /** Largest absolute difference between a logit of one and the same logit of the other. */
  readonly maxLogitDifference: number;
  /**
   * Whether both classify the same number of samples correctly and no logit differs by more than the encoding's
   * tolerance.
   */
  readonly equal: boolean;
  /** Why they are not equal, in one sentence; absent when they are. */
  readonly problem?: string;
}
