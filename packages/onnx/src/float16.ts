/** The largest number that a float16 holds. */
export const LARGEST_FLOAT16 = 65_504;

/** The smallest float16 of full precision, 2^-14; below it numbers lie 2^-24 apart. */
const SMALLEST_NORMAL = 2 ** -14;

/**
 * Numbers as the bit patterns of the nearest float16 each (IEEE 754 binary16, ties to even), the form in which tensors
 * hold them. What is beyond the largest becomes infinity.
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(values, (value, index) => {
    const pattern = bits[index] ?? 0;
    const sign = (pattern >>> 16) & 0x8000;
    return sign | magnitude(Math.abs(value), pattern & 0x7fffffff);
  });
}

function magnitude(value: number, pattern: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  if (value < SMALLEST_NORMAL) return nearestEven(value * 2 ** 24);
  // Drops 13 of the 23 bits behind the point; what is carried goes into the exponent, whose bias is 112 less.
  const rounded = (pattern + 0x0fff + ((pattern >>> 13) & 1)) >>> 13;
  return Math.min(rounded - (112 << 10), 0x7c00);
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below + (below % 2);
  return rest < 0.5 ? below : below + 1;
}
