/** A training that goes on. */
export interface Activity {
  /** What it trains: the same as long as it goes on, and different from that of every other. */
  readonly name: string;
  readonly step: number;
  readonly iterations: number;
  /** How well it does. */
  readonly score: string;
}

/** How far everything is. */
export interface Overview {
  /** What is counted: `training`. */
  readonly noun: string;
  readonly finished: number;
  readonly expected: number;
  /** Undefined while it is not known. */
  readonly secondsLeft: number | undefined;
  readonly active: readonly Activity[];
}

/** Shows how trainings go on. */
export interface ProgressView {
  update(overview: Overview): void;
  /** Something has ended, in a line. */
  finished(line: string): void;
  /** A line that stays. */
  note(text: string): void;
  stop(): void;
}
