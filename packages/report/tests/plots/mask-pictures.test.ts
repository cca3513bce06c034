import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarse, maskPictures } from '../../src/plots/mask-pictures.js';
import { syntheticMasks } from '../synthetic.js';

const [pixels, kernels] = syntheticMasks();
const drawingsOf = (text: string) =>
  [...text.matchAll(/<svg class="heatmap" role="img".*?<\/svg>/gs)].map(([svg]) => svg);

/** The shade of each cell, read from the paths; cells are one by one, of pictures that are not stretched. */
function shadesOf(svg: string): Map<string, string> {
  const cells = new Map<string, string>();
  for (const [, opacity = '', path = ''] of svg.matchAll(/stroke-opacity="(.*?)" d="(.*?)"/g)) {
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)\.5h(\d+)/g)) {
      for (let cell = 0; cell < Number(length); cell++) cells.set(`${Number(x) + cell},${y}`, opacity);
    }
  }
  return cells;
}

describe('pictures of masks', () => {
  it('are one for each level, each with what it shows in words', () => {
    const { text } = maskPictures(pixels ?? raise(), 'mask-1');
    expect(drawingsOf(text)).toHaveLength(3);
    expect(text).toContain('at 51.20 % of the weights, 28 rows of 28 pixels: at most');
    expect(text).toContain('2 trials');
    expect(maskPictures(kernels ?? raise(), 'mask-2').text).toContain(
      'at most 4 of 9 weights are left, first in row 1, column 2; 2 in the mean; 1 of 2 kernels have none',
    );
  });

  it('take the more room the wider they are: what is high would fill the page', () => {
    const levels = [{ level: 1, density: 0.5, trials: 1, survivors: [0, 1, 2, 1, 0, 2] }];
    const isWide = (rows: number, columns: number) =>
      maskPictures(
        { layer: 'conv1', cells: 'kernels', rows, columns, weights: 2, levels },
        'mask',
      ).text.includes('class="heatmaps wide"');
    expect([isWide(2, 3), isWide(3, 2)]).toEqual([true, false]);
  });

  it('are the darker the more is left, and leave empty what has none', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 12, maxLength: 12 }), (survivors) => {
        const picture = { layer: 'fc1', cells: 'pixels', rows: 3, columns: 4, weights: 300 } as const;
        const levels = [{ level: 1, density: 0.5, trials: 1, survivors }];
        const [svg = ''] = drawingsOf(maskPictures({ ...picture, levels }, 'mask').text);
        const shades = shadesOf(svg);
        const shadeAt = (cell: number) => Number(shades.get(`${cell % 4},${Math.floor(cell / 4)}`) ?? 0);
        survivors.forEach((value, cell) => {
          expect(shadeAt(cell) === 0).toBe(value === 0);
          survivors.forEach((other, place) => {
            if (value < other) expect(shadeAt(cell)).toBeLessThanOrEqual(shadeAt(place));
          });
          if (value > 0 && value === Math.max(...survivors)) expect(shadeAt(cell)).toBe(1);
        });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('of large layers put neighbours together, in the mean, so that no picture is large', () => {
    const values = Array.from({ length: 130 * 2 }, (_, index) => Math.floor(index / 2));
    const fewer = coarse({ rows: 130, columns: 2, values });
    expect(fewer).toMatchObject({ rows: 44, columns: 2 });
    expect(fewer.values.slice(0, 4)).toEqual([1, 1, 4, 4]);
    // The last block has one row.
    expect(fewer.values.slice(-2)).toEqual([129, 129]);
    const survivors = Array.from({ length: 512 * 512 }, (_, index) => (index * 7919) % 10);
    const picture = { layer: 'conv1', cells: 'kernels', rows: 512, columns: 512, weights: 9 } as const;
    const levels = [{ level: 1, density: 0.5, trials: 1, survivors }];
    const { text } = maskPictures({ ...picture, levels }, 'mask');
    expect(text).toContain('Blocks of 8 by 8 kernels are drawn as one');
    expect(text.length).toBeLessThan(60_000);
  });
});

function raise(): never {
  throw new Error('there is such a picture');
}
