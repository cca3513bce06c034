/** How sure an interval is: it misses the truth in 1 of 20 or in 1 of 1,000. */
export type Confidence = 0.95 | 0.999;

// Two-sided points for 1 to 30 degrees of freedom, and those of the normal distribution.
const points: Readonly<Record<Confidence, { readonly small: readonly number[]; readonly normal: number }>> = {
  0.95: {
    small: [
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
      2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
      2.0518, 2.0484, 2.0452, 2.0423,
    ],
    normal: 1.959963985,
  },
  0.999: {
    small: [
      636.6192, 31.5991, 12.924, 8.6103, 6.8688, 5.9588, 5.4079, 5.0413, 4.7809, 4.5869, 4.437, 4.3178,
      4.2208, 4.1405, 4.0728, 4.015, 3.9651, 3.9216, 3.8834, 3.8495, 3.8193, 3.7921, 3.7676, 3.7454, 3.7251,
      3.7066, 3.6896, 3.6739, 3.6594, 3.646,
    ],
    normal: 3.290526731,
  },
};

/**
 * The two-sided point of Student's t distribution.
 *
 * @param degrees degrees of freedom, an integer from 1. Above 30 from the expansion around the normal distribution
 *   (Abramowitz and Stegun 1964, 26.7.5), good to three decimals there.
 */
export function studentT(degrees: number, confidence: Confidence): number {
  const { small, normal: z } = points[confidence];
  return (
    small[degrees - 1] ??
    z +
      (z ** 3 + z) / (4 * degrees) +
      (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
