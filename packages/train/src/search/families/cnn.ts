import type { LayerSpec } from '@winning-tickets/ticket';
import { z } from 'zod';
import { combinations } from '../../combinations.js';
import { choicesOf, commonChoices, dropoutChoices, sizeChoices, wordChoices } from './choices.js';
import type { Design, FamilyContext, NetworkFacts } from './family.js';
import { stepsOf } from './family.js';

export const cnnSchema = z.strictObject({
  /** Numbers that stand for a word. */
  embedding: sizeChoices,
  /** Filters of each window width. */
  filters: sizeChoices,
  /** Widths of the windows, in words, each choice a list of its own: `[[3, 4, 5], [2, 3]]`. */
  windows: choicesOf(choicesOf(z.int().min(1).max(1000))),
  /** Of the filters' answers. */
  dropout: dropoutChoices,
  /** Words that a text is cut or padded to. */
  length: choicesOf(z.int().min(1).max(100_000)),
  words: wordChoices,
  ...commonChoices,
});

/**
 * Convolutional networks over words, as the network `text-cnn` has it: an embedding, filters over windows of several
 * widths, the largest answer of each filter (Kim 2014).
 *
 * @throws Error in one sentence.
 */
export function cnnDesigns(own: z.output<typeof cnnSchema>, context: FamilyContext): Design[] {
  check(own, context);
  const { iterations: _, evaluateEvery: __, ...lists } = own;
  const steps = stepsOf(own, context);
  return combinations(lists, context.where).map((choice) => ({
    family: 'cnn',
    choice,
    text: { kind: 'sequence', words: choice.words, length: choice.length },
    ...{ rate: choice.rate, ...steps },
    layers: (facts) => layersOf(choice, facts),
  }));
}

function check({ windows, length }: z.output<typeof cnnSchema>, { dataset, where }: FamilyContext): void {
  if (dataset.kind !== 'text') {
    throw new Error(`${where}: takes sequences of words, but ${dataset.id} holds images: remove the family`);
  }
  const widest = Math.max(...windows.flat());
  const shortest = Math.min(...length);
  if (widest <= shortest) return;
  throw new Error(
    `${where}: a window of ${widest} words is longer than a text of length ${shortest}: make 'length' larger`,
  );
}

interface CnnChoice {
  readonly embedding: number;
  readonly filters: number;
  readonly windows: readonly number[];
  readonly dropout: number;
}

function layersOf(choice: CnnChoice, { classes, vocabulary = 1 }: NetworkFacts): LayerSpec[] {
  const { embedding, filters, windows, dropout } = choice;
  return [
    { kind: 'embedding', vocabulary, size: embedding },
    { kind: 'parallel', name: 'windows', branches: windows.map((words) => windowOf(words, filters)) },
    ...(dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : []),
    { kind: 'dense', name: 'fc', units: classes },
  ];
}

function windowOf(words: number, filters: number): LayerSpec[] {
  return [
    { kind: 'conv1d', name: `words${words}`, filters, kernel: words },
    { kind: 'relu' },
    { kind: 'globalmaxpool' },
  ];
}
