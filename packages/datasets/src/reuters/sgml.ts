import type { Article } from './article.js';

/** An article of the original collection, with its side in the ModApte division; undefined for neither. */
export interface SgmlArticle extends Article {
  readonly side: 'train' | 'test' | undefined;
}

/** A file with the articles it should have has far fewer; the collection has 21,578. */
const mostArticles = 100_000;

/** The tags of the collection have about a hundred. */
const mostTagBytes = 1_000;

const declaration = '<!DOCTYPE lewis';
const start = '<REUTERS ';
const end = '</REUTERS>';

/**
 * Parses one file of Reuters-21578: a document type declaration, and articles one after the other.
 *
 *     <!DOCTYPE lewis SYSTEM "lewis.dtd">
 *     <REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="5544" NEWID="1">
 *     <DATE>…</DATE><TOPICS><D>cocoa</D></TOPICS>…
 *     <TEXT>&#2;<TITLE>…</TITLE><DATELINE>…</DATELINE><BODY>…&#3;</BODY></TEXT>
 *     </REUTERS>
 *
 * The side is that of ModApte, by the collection's README: `LEWISSPLIT` TRAIN or TEST, and `TOPICS` YES; all others are on
 * neither. Where a text has neither title nor body (`TYPE="UNPROC"`), all of it is the body. Bytes are read as
 * Latin-1, since a few files have one that is not ASCII; a reference to a character that there is not stays as it
 * is written. Elements are looked for inside their article alone, so the time is linear in the file's size.
 *
 * @param source the file's name, for errors.
 * @throws Error with one sentence when it is no such file, is cut off, or an article lacks its number or topics.
 */
export function parseSgml(bytes: Uint8Array, source: string): SgmlArticle[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const declared = text.startsWith(declaration) ? text.indexOf('>') : -1;
  if (declared < 0) {
    throw new Error(
      `${source}: expected ${declaration}> first, found ${JSON.stringify(text.slice(0, 20))}; check that this is a file of Reuters-21578.`,
    );
  }
  const articles: SgmlArticle[] = [];
  let position = skipSpace(text, declared + 1);
  while (position < text.length) {
    const { record, next } = recordAt(text, position, `${source}: at byte ${position}`);
    articles.push(articleOf(record, `${source}: at byte ${position}`));
    if (articles.length > mostArticles) {
      throw new Error(
        `${source}: expected at most ${mostArticles} articles, found more; check that this is a file of Reuters-21578.`,
      );
    }
    position = skipSpace(text, next);
  }
  if (articles.length === 0) {
    throw new Error(`${source}: expected articles, found none; the file is cut off, get it again.`);
  }
  return articles;
}

function skipSpace(text: string, from: number): number {
  let position = from;
  while (' \t\r\n'.includes(text.charAt(position)) && position < text.length) position++;
  return position;
}

/** The text of the article that begins at a position, without its end tag. */
function recordAt(text: string, position: number, where: string): { record: string; next: number } {
  if (!text.startsWith(start, position)) {
    throw new Error(
      `${where}: expected ${start.trim()}>, found ${JSON.stringify(text.slice(position, position + 20))}; the file is damaged, get it again.`,
    );
  }
  const close = text.indexOf(end, position);
  const record = close < 0 ? '' : text.slice(position, close);
  if (close < 0 || record.includes(start, 1)) {
    throw new Error(`${where}: the article has no ${end}; the file is cut off or damaged, get it again.`);
  }
  return { record, next: close + end.length };
}

function articleOf(record: string, where: string): SgmlArticle {
  const tag = record.slice(start.length, mostTagBytes).split('>', 1)[0] ?? '';
  const attributes = new Map(
    [...tag.matchAll(/([A-Z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const id = attributes.get('NEWID') ?? '';
  if (!/^[1-9]\d{0,8}$/.test(id)) {
    throw new Error(
      `${where}: expected a whole number as NEWID, found ${JSON.stringify(id.slice(0, 20))}; the file is damaged, get it again.`,
    );
  }
  const topics = element(record, 'TOPICS');
  const text = element(record, 'TEXT');
  const missing = topics === undefined ? 'TOPICS' : 'TEXT';
  if (topics === undefined || text === undefined) {
    throw new Error(`${where}: article ${id} has no element ${missing}; the file is damaged, get it again.`);
  }
  const title = element(text, 'TITLE');
  const body = element(text, 'BODY') ?? (title === undefined ? text : '');
  return {
    id: Number(id),
    topics: [...topics.matchAll(/<D>([^<]*)<\/D>/g)].map(([, name = '']) => decoded(name)),
    title: decoded(title ?? ''),
    body: decoded(body),
    side: sideOf(attributes),
  };
}

function sideOf(attributes: ReadonlyMap<string, string>): SgmlArticle['side'] {
  if (attributes.get('TOPICS') !== 'YES') return undefined;
  const split = attributes.get('LEWISSPLIT');
  if (split === 'TRAIN') return 'train';
  return split === 'TEST' ? 'test' : undefined;
}

/** What stands inside the first element of a name; undefined when there is none. */
function element(text: string, name: string): string | undefined {
  const opening = new RegExp(`<${name}(?: [^<>]*)?>`).exec(text);
  if (!opening) return undefined;
  const from = opening.index + opening[0].length;
  const to = text.indexOf(`</${name}>`, from);
  return to < 0 ? undefined : text.slice(from, to);
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Replaces references to characters, once: `&amp;lt;` is `&lt;`. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|([a-z]{2,4}));/g, (reference, code?: string, name?: string) => {
    if (code === undefined) return named[name ?? ''] ?? reference;
    const number = Number(code);
    return number <= 0x10ffff ? String.fromCodePoint(number) : reference;
  });
}
