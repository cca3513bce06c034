import { z } from 'zod';

const schema = z.strictObject({ kind: z.literal('warmup'), steps: z.int().min(1) });

/**
 * Linear warm-up: the factor rises from 1 / `steps` at the first step to 1 at the last of them, and stays there (Frankle &
 * Carbin 2019, section 5, who need it to find tickets in deeper networks).
 */
export const warmup = {
  schema,
  factor: ({ steps }: z.output<typeof schema>, step: number): number => Math.min(1, (step + 1) / steps),
};
