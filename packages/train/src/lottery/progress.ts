import type { Stage } from './stages.js';
import type { StageManifest } from '../store/stage.js';

/** Where a training stands. Losses in nats, accuracies 0 to 1. */
export interface StageProgress extends Stage {
  readonly step: number;
  readonly iterations: number;
  /** Share of the weights that survive, 0 to 1. */
  readonly density: number;
  /** Mean batch loss of the latest steps. */
  readonly loss: number;
  /** At the latest evaluation; undefined before the first. */
  readonly validationAccuracy: number | undefined;
}

/** What a run tells while it goes on. */
export type RunEvent =
  | { readonly type: 'progress'; readonly progress: StageProgress }
  | { readonly type: 'stage'; readonly manifest: StageManifest }
  /** Other processes work on all that can be done now. */
  | { readonly type: 'waiting' }
  /** Something that a person should know, in one sentence. */
  | { readonly type: 'notice'; readonly message: string };
