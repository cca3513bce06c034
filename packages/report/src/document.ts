import { type Content, type Html, Html as Raw, markup } from './html.js';
import { type Figure, renderFigure } from './plots/figure.js';
import { style } from './style.js';

/** Nothing but the page's own style sheet may act: it loads nothing and runs nothing. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A part of a page. */
export interface Section {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface DocumentParts {
  readonly title: string;
  /** Below the title. */
  readonly intro: Html;
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** A whole page that needs no other file and no JavaScript. */
export function renderDocument({ title, intro, sections, footer }: DocumentParts): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Raw(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Raw(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${intro}
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>${sections.map(({ body }) => body)}</main>
        <footer>
          <p>${footer}</p>
        </footer>
      </body>
    </html>`.text;
}

/** A section with its heading. */
export function section(id: string, title: string, contents: Content): Section {
  const body = markup`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${contents}
  </section>`;
  return { id, title, body };
}

/** Figures side by side, as far as there are any. */
export function figures(candidates: readonly (Figure | undefined)[]): Html | undefined {
  const found = candidates.filter((figure) => figure !== undefined);
  if (found.length === 0) return undefined;
  return markup`<div class="figures">${found.map(renderFigure)}</div>`;
}

/** Says that there is nothing to show. */
export function nothing(text: string): Html {
  return markup`<p class="muted">${text}</p>`;
}
