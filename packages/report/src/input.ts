import type { BenchResult } from '@winning-tickets/bench';
import type {
  Claims,
  ClaimResult,
  History,
  Run,
  Stability,
  StageManifest,
  Trainability,
} from '@winning-tickets/train';

/** A finished stage, with the course of its training if it was read. */
export interface ReportStage extends StageManifest {
  readonly history?: History;
}

/** What the report reads of a run, complete or not; `readRun` gives one. */
export interface ReportRun extends Pick<Run, 'experiment' | 'hash' | 'dataset' | 'expected'> {
  /** The finished stages, in any order. */
  readonly stages: readonly ReportStage[];
}

/** One exported ONNX file. */
export interface ExportSummary {
  /** File name or path. */
  readonly file: string;
  /** How the zeros are encoded: `dense`, `sparse`, `compact`, … */
  readonly encoding: string;
  /** Share of the prunable weights that survive, 0 to 1. */
  readonly density: number;
  /** Size of the file. */
  readonly bytes: number;
}

/** What a ticket over bags of words reads, class by class. */
export interface TicketWords {
  readonly trial: number;
  /** Share of the prunable weights that survive, 0 to 1. */
  readonly density: number;
  /** Words that reach an output, of how many. */
  readonly liveWords: number;
  readonly totalWords: number;
  /** In the order to show them. */
  readonly classes: readonly {
    readonly name: string;
    /** Test samples of the class. */
    readonly documents: number;
    /** Those that speak most for the class first. */
    readonly words: readonly string[];
  }[];
}

/** Where weights survive in one layer, at some levels. */
export interface MaskPicture {
  readonly layer: string;
  /** What a cell is: a pixel of the input image, or the kernel from its row's channel to its column's filter. */
  readonly cells: 'pixels' | 'kernels';
  readonly rows: number;
  readonly columns: number;
  /** Weights of a cell in the whole network. */
  readonly weights: number;
  /** The denser first. */
  readonly levels: readonly {
    readonly level: number;
    /** Share of the network's prunable weights that survive, 0 to 1. */
    readonly density: number;
    /** Trials over which `survivors` are means. */
    readonly trials: number;
    /** Weights of each cell that survive, row by row: `rows · columns` numbers. */
    readonly survivors: readonly number[];
  }[];
}

/** What a run says of a paper's claims. */
export interface HeldClaims extends Pick<Claims, 'source'> {
  /** In the order of the claims. */
  readonly results: readonly ClaimResult[];
}

/** All that a report is made of. */
export interface ReportInput {
  readonly run: ReportRun;
  /** Benchmarks of exported tickets, if any were made, in the order to show them. */
  readonly benches?: readonly BenchResult[];
  /** What its trainings cost, if it was worked out. */
  readonly trainability?: Trainability;
  /** A paper's claims, if the run was held against any. */
  readonly claims?: HeldClaims;
  /** Stability analysis of the run, if one was made. */
  readonly stability?: Stability;
  /** Exported files, if any; without them sizes are taken from the first benchmark. */
  readonly exports?: readonly ExportSummary[];
  /** Where weights survive, layer by layer. */
  readonly masks?: readonly MaskPicture[];
  /** Words of tickets over bags of words, the denser ticket first. */
  readonly words?: readonly TicketWords[];
  /** The command line that does the run again, as a user would type it. */
  readonly command: string;
  /** The machine and software that trained, by what to call it: `{ cpu: '…', cores: 2, node: '…' }`. */
  readonly environment?: Readonly<Record<string, string | number>>;
}

/** A run among others. */
export interface ComparedRun {
  /** What it differs from the others in, such as `criterion=movement`; unique. */
  readonly label: string;
  readonly run: ReportRun;
  /** A paper's claims, the same for all runs, if they were held against any. */
  readonly claims?: HeldClaims;
  /** Where weights survive, layer by layer; the first layer is drawn. */
  readonly masks?: readonly MaskPicture[];
  /** Stability analysis of the run, if one was made. */
  readonly stability?: Stability;
}
