import { z } from 'zod';
import { combinations } from '../../combinations.js';
import { bagChoice, bagChoices, bagsOf } from './bags.js';
import { commonChoices } from './choices.js';
import type { Design, FamilyContext } from './family.js';
import { flattened, stepsOf } from './family.js';

export const linearSchema = z.strictObject({ ...bagChoices, ...commonChoices });

/** Linear classifiers: one dense layer over pixels or bags of words. @throws Error in one sentence. */
export function linearDesigns(own: z.output<typeof linearSchema>, context: FamilyContext): Design[] {
  const steps = stepsOf(own, context);
  return combinations({ text: bagsOf(own, context), rate: own.rate }, context.where).map(
    ({ text, rate }) => ({
      family: 'linear',
      choice: { ...bagChoice(text), rate },
      ...{ text, rate, ...steps },
      layers: (facts) => [...flattened(facts), { kind: 'dense', units: facts.classes }],
    }),
  );
}
