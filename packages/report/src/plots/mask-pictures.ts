import { count, decimal, densityText, whole } from '../format.js';
import type { Html } from '../html.js';
import { markup } from '../html.js';
import type { MaskPicture } from '../input.js';

/** Cells along a side that are drawn; of more, neighbours are put together. */
const mostCells = 64;

/** Shades beside that of nothing. */
const shades = 8;

/** How many times as wide as high a picture may be, and how many times as high as wide. */
const widest = 8;
const highest = 1.5;

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/**
 * Where weights survive in a layer, a small heat map for each level.
 *
 * @param id unique in the page
 */
export function maskPictures(picture: MaskPicture, id: string): Html {
  const { layer, cells, weights } = picture;
  const isPixels = cells === 'pixels';
  return markup`<div class="masks" role="group" aria-labelledby="${id}">
    <p class="figure-title" id="${id}">Weights left in ${layer}, ${isPixels ? 'pixel by pixel' : 'kernel by kernel'}</p>
    <p class="muted">
      ${
        isPixels
          ? `How many of the ${whole(weights)} weights that lead away from a pixel are left, in the mean over the trials.`
          : `How many of the ${count(weights, 'weight')} of a kernel are left: a column for each filter, a row for each channel ` +
            'that it looks at. One trial: filters of different trials have nothing in common.'
      }
      Each picture has a scale of its own, from none left (the page’s colour) to the most.
      ${joined(picture)}
    </p>
    <div class="${isWide(picture) ? 'heatmaps wide' : 'heatmaps'}">
      ${picture.levels.map((level) => heatMap(picture, level))}
    </div>
  </div>`;
}

function heatMap(
  { layer, cells, rows, columns, weights }: MaskPicture,
  level: MaskPicture['levels'][number],
) {
  const { density, trials, survivors } = level;
  const most = largest(survivors);
  const empty = survivors.filter((value) => value === 0).length;
  const at = survivors.indexOf(most);
  const place = `row ${Math.floor(at / columns) + 1}, column ${(at % columns) + 1}`;
  const grid = coarse({ rows, columns, values: survivors });
  const top = largest(grid.values);
  const label =
    `Heat map of ${layer} at ${densityText(density)} of the weights, ${rows} rows of ${columns} ${cells}: at most ` +
    `${amount(most)} of ${whole(weights)} weights are left${most > 0 ? `, first in ${place}` : ''}; ` +
    `${amount(survivors.reduce((sum, value) => sum + value, 0) / survivors.length)} in the mean; ${whole(empty)} of ${whole(survivors.length)} ${cells} have none.`;
  return markup`<figure>
    ${drawn(grid, top, label)}
    <figcaption>
      <strong>${densityText(density)}</strong> of the weights
      <span class="scale">0 ${scaleBar} ${amount(top)}</span>
      ${whole(empty)} of ${whole(survivors.length)} ${cells} have none; ${count(trials, 'trial')}
    </figcaption>
  </figure>`;
}

/** One path a shade, a stroke for each stretch of a row: a fraction of what an element for each cell would take. */
function drawn({ rows, columns, values }: Grid, most: number, label: string): Html {
  const width = Math.max(1, rows / columns / highest);
  const height = Math.max(1, columns / rows / widest);
  const paths = Array.from({ length: shades }, (_, index) => index + 1).map((shade) => {
    const stretches = Array.from({ length: rows }, (__, row) =>
      stretchesOf(
        values.slice(row * columns, (row + 1) * columns),
        (value) => shadeOf(value, most) === shade,
      ).map(
        ({ from, length }) =>
          `M${short(from * width)} ${short((row + 0.5) * height)}h${short(length * width)}`,
      ),
    ).flat();
    return (
      stretches.length > 0 && markup`<path stroke-opacity="${opacityOf(shade)}" d="${stretches.join('')}" />`
    );
  });
  return markup`<svg class="heatmap" role="img" aria-label="${label}" viewBox="0 0 ${short(columns * width)} ${short(rows * height)}" stroke-width="${short(height)}">${paths}</svg>`;
}

const scaleBar = markup`<svg class="heatmap" aria-hidden="true" viewBox="0 0 ${shades + 1} 1" stroke-width="1">${Array.from(
  { length: shades },
  (_, index) => markup`<path stroke-opacity="${opacityOf(index + 1)}" d="M${index + 1} .5h1" />`,
)}</svg>`;

function stretchesOf(values: readonly number[], isIn: (value: number) => boolean) {
  const found: { from: number; length: number }[] = [];
  values.forEach((value, at) => {
    const last = found.at(-1);
    if (!isIn(value)) return;
    if (last && last.from + last.length === at) last.length += 1;
    else found.push({ from: at, length: 1 });
  });
  return found;
}

/** 0 for nothing, and from 1 for the least that is something. */
function shadeOf(value: number, most: number): number {
  return value <= 0 ? 0 : Math.min(shades, Math.ceil((shades * value) / most));
}

function opacityOf(shade: number): string {
  return short(0.12 + (0.88 * (shade - 1)) / (shades - 1));
}

/** Means over blocks of cells, so that no side has more than are drawn. */
export function coarse({ rows, columns, values }: Grid): Grid {
  const [down, across] = [rows, columns].map(blockOf) as [number, number];
  if (down === 1 && across === 1) return { rows, columns, values };
  const [fewerRows, fewerColumns] = [Math.ceil(rows / down), Math.ceil(columns / across)];
  const means = Array.from({ length: fewerRows * fewerColumns }, (_, block) => {
    const top = Math.floor(block / fewerColumns) * down;
    const left = (block % fewerColumns) * across;
    const own = Array.from({ length: Math.min(down, rows - top) }, (__, row) =>
      values.slice((top + row) * columns + left, (top + row) * columns + Math.min(left + across, columns)),
    ).flat();
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
  return { rows: fewerRows, columns: fewerColumns, values: means };
}

/** Others take less of the width: what is as high as wide, or higher, would fill the page. */
function isWide({ rows, columns }: MaskPicture): boolean {
  return columns > rows;
}

function blockOf(size: number): number {
  return Math.ceil(size / mostCells);
}

function joined({ rows, columns, cells }: MaskPicture): string {
  const [down, across] = [blockOf(rows), blockOf(columns)];
  return down * across > 1 ? `Blocks of ${down} by ${across} ${cells} are drawn as one, in the mean.` : '';
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function amount(value: number): string {
  return Number.isInteger(value) ? whole(value) : decimal(value, 1);
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
