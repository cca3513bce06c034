import { type Content, type Html, markup } from '../html.js';

/** A column of a table. */
export interface Column<Row> {
  readonly heading: string;
  /** Unit or reading, below the heading. */
  readonly note?: string;
  /** Text is aligned to the left, numbers to the right. Default false. */
  readonly text?: boolean;
  /** Of a first column: whole sentences, which take more room than names. Default false. */
  readonly sentence?: boolean;
  readonly cell: (row: Row) => Content;
}

/**
 * A table whose first column names the rows. It scrolls sideways within the page, also by keyboard.
 *
 * @param id unique in the page
 */
export function table<Row>(
  id: string,
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Html {
  const [first, ...others] = columns;
  const heading = ({ heading, note, text }: Column<Row>) =>
    markup`<th scope="col" ${text && markup` class="text"`}>
      ${heading}${note !== undefined && markup`<span>${note}</span>`}
    </th>`;
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
    <table>
      <caption id="${id}">
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${columns.map(heading)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr>
              <th scope="row"${first?.sentence && markup` class="sentence"`}><span>${first?.cell(row)}</span></th>
              ${others.map(({ cell, text }) => markup`<td${text && markup` class="text"`}>${cell(row)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Names and values below each other. */
export function facts(id: string, caption: string, rows: readonly (readonly [string, Content])[]): Html {
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
    <table class="facts">
      <caption id="${id}">
        <span>${caption}</span>
      </caption>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            markup`<tr>
              <th scope="row"><span>${name}</span></th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
