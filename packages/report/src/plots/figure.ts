import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml, Html, markup } from '../html.js';
import type { SeriesStyle } from '../series.js';

/** A plot with what belongs to it. */
export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly svg: Html;
  readonly legend: readonly LegendEntry[];
  /** What is shown, and what the bars are. */
  readonly caption: string;
}

export interface LegendEntry {
  readonly label: string;
  readonly style: SwatchStyle;
}

/** A series without points has no symbol. */
type SwatchStyle = Omit<SeriesStyle, 'symbol'> & { readonly symbol: SeriesStyle['symbol'] | 'none' };

// Drawn at the width of a phone and scaled up, so that text is readable there.
const width = 440;

// Plot writes coordinates with all their digits; a hundredth of a pixel is enough.
const coordinates = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

/** The part of an SVG element that is used here. */
interface SvgElement {
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  remove(): void;
}

/**
 * Draws a plot as an SVG element. Equal arguments give equal text.
 *
 * @param id unique in the page
 * @param label what the plot shows, for readers who cannot see it
 */
export function drawPlot(id: string, label: string, options: Plot.PlotOptions): Html {
  return serialize(
    id,
    label,
    'plot',
    draw({ width, marginLeft: 56, marginRight: 22, marginTop: 30, marginBottom: 44, ...options }),
  );
}

function draw(options: Plot.PlotOptions): SvgElement {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as {
    document: never;
  };
  // Its declared type is the browser's, which this package is not compiled against.
  const svg: unknown = Plot.plot({ ...options, document });
  return svg as SvgElement;
}

function serialize(id: string, label: string, className: string, svg: SvgElement): Html {
  // The page's own sheet does what Plot's does.
  for (const sheet of svg.querySelectorAll('style')) sheet.remove();
  for (const element of svg.querySelectorAll('*')) {
    // The label of the whole speaks for the parts.
    element.removeAttribute('aria-label');
    element.removeAttribute('aria-hidden');
    element.removeAttribute('aria-description');
    for (const name of coordinates) {
      const value = element.getAttribute(name);
      if (value !== null) element.setAttribute(name, roundNumbers(value));
    }
  }
  svg.setAttribute('class', className);
  svg.setAttribute('font-size', '14');
  if (label === '') {
    svg.setAttribute('aria-hidden', 'true');
  } else {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', '');
  }
  // Put in here because what escapes is this package, not the DOM library.
  const text = svg.outerHTML.replace(' aria-label=""', () => ` aria-label="${escapeHtml(label)}"`);
  return new Html(ownIds(id, text));
}

function roundNumbers(value: string): string {
  return value.replace(/-?\d+\.\d+(?:e[-+]?\d+)?/g, (number) => {
    const rounded = Math.round(Number(number) * 100) / 100;
    return String(rounded === 0 ? 0 : rounded);
  });
}

/** Plot counts its clip paths and markers over the whole process; in a page they are named after their figure. */
function ownIds(id: string, svg: string): string {
  const found = [...new Set([...svg.matchAll(/ id="([^"]*)"/g)].map(([, name]) => name ?? ''))];
  return found.reduce(
    (text, name, index) =>
      text
        .replaceAll(` id="${name}"`, ` id="${id}-${index + 1}"`)
        .replaceAll(`url(#${name})`, `url(#${id}-${index + 1})`)
        .replaceAll(`href="#${name}"`, `href="#${id}-${index + 1}"`),
    svg,
  );
}

function swatch({ colour, symbol, dash }: SwatchStyle): Html {
  const scale = { axis: null, domain: [0, 1] };
  return serialize(
    '',
    '',
    'swatch',
    draw({
      width: 28,
      height: 14,
      margin: 0,
      x: scale,
      y: scale,
      marks: [
        Plot.line(
          [
            [0, 0.5],
            [1, 0.5],
          ],
          { stroke: colour, strokeWidth: 2, strokeDasharray: dash },
        ),
        symbol === 'none' ? null : Plot.dot([[0.5, 0.5]], { fill: colour, symbol, r: 4 }),
      ],
    }),
  );
}

/** A figure as HTML. */
export function renderFigure({ id, title, svg, legend, caption }: Figure): Html {
  return markup`<figure id="${id}" aria-labelledby="${id}-title">
    <p class="figure-title" id="${id}-title">${title}</p>
    ${
      legend.length > 0 &&
      markup`<ul class="legend">
        ${legend.map(({ label, style }) => markup`<li>${swatch(style)} ${label}</li>`)}
      </ul>`
    }${svg}
    <figcaption>${caption}</figcaption>
  </figure>`;
}
