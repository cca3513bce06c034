import { describe, expect, it } from 'vitest';
import { studentT } from '../src/student-t.js';

describe('studentT', () => {
  // scipy.stats.t.ppf(0.975, n) and (0.9995, n)
  it('continues from the table into the expansion, and ends at the normal distribution', () => {
    expect(studentT(1, 0.95)).toBe(12.7062);
    expect(studentT(31, 0.95)).toBeCloseTo(2.0395, 4);
    expect(studentT(60, 0.95)).toBeCloseTo(2.0003, 4);
    expect(studentT(120, 0.95)).toBeCloseTo(1.9799, 4);
    expect(studentT(1e9, 0.95)).toBeCloseTo(1.96, 4);
    expect(studentT(1, 0.999)).toBe(636.6192);
    expect(studentT(31, 0.999)).toBeCloseTo(3.6335, 3);
    expect(studentT(60, 0.999)).toBeCloseTo(3.4602, 4);
    expect(studentT(120, 0.999)).toBeCloseTo(3.3735, 4);
  });

  it.each([0.95, 0.999] as const)('falls with every degree of freedom at %d', (confidence) => {
    for (let degrees = 1; degrees < 100; degrees++) {
      expect(studentT(degrees + 1, confidence)).toBeLessThan(studentT(degrees, confidence));
    }
  });
});
