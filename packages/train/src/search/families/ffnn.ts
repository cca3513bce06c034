import type { LayerSpec } from '@winning-tickets/ticket';
import { z } from 'zod';
import { combinations } from '../../combinations.js';
import { bagChoice, bagChoices, bagsOf } from './bags.js';
import { choicesOf, commonChoices, dropoutChoices, sizeChoices } from './choices.js';
import type { Design, FamilyContext } from './family.js';
import { flattened, stepsOf } from './family.js';

export const ffnnSchema = z.strictObject({
  /** Units of each hidden layer. */
  hidden: sizeChoices,
  /** Hidden layers, all equally wide. */
  depth: choicesOf(z.int().min(1).max(2)),
  /** Of each hidden layer. */
  dropout: dropoutChoices,
  ...bagChoices,
  ...commonChoices,
});

/** Feed-forward networks: hidden layers with ReLU and dropout, over pixels or bags of words. @throws Error in one sentence. */
export function ffnnDesigns(own: z.output<typeof ffnnSchema>, context: FamilyContext): Design[] {
  const { hidden, depth, dropout, rate } = own;
  const steps = stepsOf(own, context);
  const lists = { hidden, depth, dropout, text: bagsOf(own, context), rate };
  return combinations(lists, context.where).map(({ text, rate: learningRate, ...layers }) => ({
    family: 'ffnn',
    choice: { ...layers, ...bagChoice(text), rate: learningRate },
    ...{ text, rate: learningRate, ...steps },
    layers: (facts) => [
      ...flattened(facts),
      ...Array.from({ length: layers.depth }, () => hiddenLayer(layers)).flat(),
      { kind: 'dense', units: facts.classes },
    ],
  }));
}

function hiddenLayer({
  hidden,
  dropout,
}: {
  readonly hidden: number;
  readonly dropout: number;
}): LayerSpec[] {
  return [
    { kind: 'dense', units: hidden },
    { kind: 'relu' },
    ...(dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : []),
  ];
}
