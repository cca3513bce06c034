import type { TextOptions } from '@winning-tickets/datasets';
import type { NetworkSpec } from '@winning-tickets/ticket';

/** The families of networks that can be searched. */
export const familyNames = ['linear', 'ffnn', 'cnn'] as const;

export type FamilyName = (typeof familyNames)[number];

/** What was chosen of each list, under the name that the list has in the search file. */
export type Choice = Readonly<Record<string, number | string | readonly number[]>>;

/** What a network must know of its data. */
export interface NetworkFacts {
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** How many different numbers the words of a sequence have; undefined for other data. */
  readonly vocabulary: number | undefined;
}

/** One combination of a family's choices: a network that is still to be fitted to its data, and how it is trained. */
export interface Design {
  readonly family: FamilyName;
  readonly choice: Choice;
  /** How the text is read; undefined for images. */
  readonly text: TextOptions | undefined;
  /** Learning rate, per step. */
  readonly rate: number;
  /** Steps per training. */
  readonly iterations: number;
  /** Steps between evaluations. */
  readonly evaluateEvery: number;
  readonly layers: (facts: NetworkFacts) => NetworkSpec['layers'];
}

/** What a family's choices are made with. */
export interface FamilyContext {
  readonly dataset: { readonly id: string; readonly kind: 'images' | 'text' };
  /** Steps per training and between evaluations, for a family that has no numbers of its own. */
  readonly iterations: number;
  readonly evaluateEvery: number;
  /** What errors begin with: the file and the family's key. */
  readonly where: string;
}

/** The steps of a family. @throws Error when nothing would be evaluated on the way. */
export function stepsOf(
  own: { readonly iterations?: number; readonly evaluateEvery?: number },
  context: FamilyContext,
): Pick<Design, 'iterations' | 'evaluateEvery'> {
  const { iterations = context.iterations, evaluateEvery = context.evaluateEvery } = own;
  if (evaluateEvery <= iterations) return { iterations, evaluateEvery };
  throw new Error(
    `${context.where}: evaluateEvery is ${evaluateEvery}, more than the ${iterations} iterations of a training: ` +
      'make it smaller, or nothing would be evaluated on the way',
  );
}

/** Layers that make one row of features of a sample, whatever its shape. */
export function flattened({ inputShape }: NetworkFacts): NetworkSpec['layers'] {
  return inputShape.length > 1 ? [{ kind: 'flatten' }] : [];
}
