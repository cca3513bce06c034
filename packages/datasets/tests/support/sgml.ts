/** One article in the form of the collection's files, written independently of the parser. */
export interface ArticleParts {
  readonly id: number;
  readonly split?: 'TRAIN' | 'TEST' | 'NOT-USED';
  readonly hasTopics?: 'YES' | 'NO' | 'BYPASS';
  readonly topics?: readonly string[];
  /** As it stands in the file, with references to characters. */
  readonly title?: string;
  readonly body?: string;
  /** Instead of title and body. */
  readonly unprocessed?: string;
}

export function sgmlArticle(parts: ArticleParts): string {
  const { id, split = 'TRAIN', hasTopics = 'YES', topics = [] } = parts;
  const cgi = split === 'TRAIN' ? 'TRAINING-SET' : 'PUBLISHED-TESTSET';
  return [
    `<REUTERS TOPICS="${hasTopics}" LEWISSPLIT="${split}" CGISPLIT="${cgi}" OLDID="${5543 + id}" NEWID="${id}">`,
    '<DATE>26-FEB-1987 15:01:01.79</DATE>',
    `<TOPICS>${topics.map((topic) => `<D>${topic}</D>`).join('')}</TOPICS>`,
    '<PLACES><D>el-salvador</D><D>usa</D></PLACES>',
    '<PEOPLE></PEOPLE>',
    '<ORGS></ORGS>',
    '<EXCHANGES></EXCHANGES>',
    '<COMPANIES></COMPANIES>',
    '<UNKNOWN> ',
    '&#5;&#5;&#5;C T',
    '&#22;&#22;&#1;f0704&#31;reute',
    'u f BC-BAHIA-COCOA-REVIEW   02-26 0105</UNKNOWN>',
    textElement(parts),
    '</REUTERS>',
    '',
  ].join('\n');
}

function textElement({ title, body, unprocessed }: ArticleParts): string {
  if (unprocessed !== undefined) return `<TEXT TYPE="UNPROC">&#2;\n${unprocessed}\n&#3;</TEXT>`;
  const heading = title === undefined ? '' : `<TITLE>${title}</TITLE>`;
  if (body === undefined) return `<TEXT TYPE="BRIEF">&#2;\n******${heading}\n</TEXT>`;
  return `<TEXT>&#2;\n${heading}\n<DATELINE>    SALVADOR, Feb 26 - </DATELINE><BODY>${body}\n Reuter\n&#3;</BODY></TEXT>`;
}

/** A file of the collection, in its bytes. */
export function sgmlFile(...articles: readonly ArticleParts[]): Uint8Array {
  const text = `<!DOCTYPE lewis SYSTEM "lewis.dtd">\n${articles.map(sgmlArticle).join('')}`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
