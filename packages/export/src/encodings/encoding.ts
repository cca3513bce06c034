import type { Graph } from '@winning-tickets/onnx';
import type { Network, Ticket } from '@winning-tickets/ticket';
import type { InputForm } from '../input-form.js';

/** What an encoding reads of a ticket: the network, its masks, and the weights that run. */
export interface Subnetwork extends Pick<Ticket, 'masks' | 'best'> {
  readonly metadata: Pick<Ticket['metadata'], 'network'>;
}

/** What an option of an encoding may be set to. */
export type OptionValue = boolean | number | string;

/** Options of an encoding by name. */
export type EncodingOptions = Readonly<Record<string, OptionValue>>;

/** One option: what it does, and its default, which also says of which type it is. */
export interface EncodingOption {
  readonly summary: string;
  readonly default: OptionValue;
}

/** A ticket as a graph, with what the encoding has to say about it. */
export interface EncodedGraph {
  /** Takes what the form of its inputs says (see `InputForm`); gives `logits`, float32, `[batch, classes]`. */
  readonly graph: Graph;
  /** Entries for the model's metadata, by key without the prefix `tickets.`; all but texts are written as JSON. */
  readonly metadata: Readonly<Record<string, unknown>> & { readonly inputForm?: InputForm };
}

/** The least and the greatest number that a value takes. */
export type Range = readonly [least: number, greatest: number];

/** Ranges by the names of values. */
export type Ranges = Readonly<Record<string, Range>>;

/** A graph, and the values in it of which an encoding needs to know the ranges. */
export interface CalibratedGraph extends EncodedGraph {
  readonly values: readonly string[];
}

/** One way to write a ticket as an ONNX graph that computes what the trained network computes. */
export interface Encoding {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly options: Readonly<Record<string, EncodingOption>>;
  /**
   * How far the logits may be from the trained network's, relative to the largest of its logits (at least 1).
   * 0: they are the same numbers, because the runtime multiplies the same matrices in the same order.
   */
  readonly tolerance: number;
  /**
   * Of an encoding that rounds weights: how far the accuracy on the test samples may be from the trained network's, 0 to
   * 1. By default the same number of samples must be classified correctly.
   */
  readonly accuracyTolerance?: number;
  /** For an encoding that does not take every network: in one sentence why it does not take this one. */
  readonly unfit?: (network: Network) => string | undefined;
  /** For an encoding that rounds by how large activations get: the graph to measure that in, on training samples. */
  readonly calibrated?: (ticket: Subnetwork, options: EncodingOptions) => CalibratedGraph;
  /**
   * @param options every option of the encoding, resolved.
   * @param ranges of the values that `calibrated` names.
   * @throws Error for a network that it does not take, or without the ranges that it needs.
   */
  build(ticket: Subnetwork, options: EncodingOptions, ranges?: Ranges): EncodedGraph;
}
