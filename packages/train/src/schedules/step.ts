import { z } from 'zod';

const schema = z.strictObject({
  kind: z.literal('step'),
  at: z.array(z.int().min(1)).min(1),
  factor: z.number().gt(0).lt(1).default(0.1),
});

/** Steps down: the rate is multiplied by `factor` (default 0.1) from each of the steps `at` on (He et al. 2016, section 3.4). */
export const step = {
  schema,
  factor: ({ at, factor }: z.output<typeof schema>, now: number): number =>
    factor ** at.filter((each) => each <= now).length,
};
