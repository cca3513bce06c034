import { z } from 'zod';

const schema = z.strictObject({ kind: z.literal('cosine'), least: z.number().min(0).lt(1).default(0) });

/**
 * Cosine decay from 1 at the first step towards `least` (default 0) at the end of the training (Loshchilov & Hutter 2017,
 * equation 5, without restarts): `least + (1 - least) * (1 + cos(pi * step / iterations)) / 2`.
 */
export const cosine = {
  schema,
  factor: (
    { least }: z.output<typeof schema>,
    step: number,
    { iterations }: { readonly iterations: number },
  ): number => least + ((1 - least) * (1 + Math.cos((Math.PI * step) / iterations))) / 2,
};
