import type { StageManifest } from '@winning-tickets/train';
import type { ProgressState } from './progress-state.js';

/** Shows how a run goes on. */
export interface ProgressView {
  update(state: ProgressState): void;
  finished(manifest: StageManifest): void;
  /** A line that stays. */
  note(text: string): void;
  stop(): void;
}
