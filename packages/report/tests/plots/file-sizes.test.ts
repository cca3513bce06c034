import { describe, expect, it } from 'vitest';
import { fileSizes } from '../../src/plots/file-sizes.js';
import { syntheticBench, syntheticExports, syntheticRun } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

const base = { run: syntheticRun(), command: 'tickets run quick' };

describe('the plot of file sizes', () => {
  it('draws a bar per file', () =>
    expectDrawing(fileSizes({ ...base, exports: syntheticExports() }), 'sizes'));

  it('takes the files of the benchmark when no exports are given', () => {
    const drawn = fileSizes({ ...base, benches: [syntheticBench()] })?.svg.text;
    expect(drawn).toBe(fileSizes({ ...base, exports: syntheticExports() })?.svg.text);
  });

  it('is absent without files', () => {
    expect(fileSizes(base)).toBeUndefined();
    expect(fileSizes({ ...base, exports: [] })).toBeUndefined();
  });
});
