/** Text that is HTML already. Everything else is escaped when it is put into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text with all characters that mean something in HTML replaced: safe in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * A piece of HTML from a template. Whatever is put in is escaped unless it is {@link Html}; a list is joined, and
 * nothing (`undefined`, `null`, `false`) leaves nothing. Attributes must be quoted in the template.
 */
export function markup(template: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(template.reduce((page, part, index) => page + render(contents[index - 1]) + part));
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}
