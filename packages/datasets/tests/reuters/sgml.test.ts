import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSgml } from '../../src/reuters/sgml.js';
import { messageOf } from '../support/sentence.js';
import { sgmlFile, type ArticleParts } from '../support/sgml.js';

const cocoa: ArticleParts = {
  id: 1,
  topics: ['cocoa'],
  title: 'BAHIA COCOA REVIEW',
  body: 'Showers continued',
};

function parse(...articles: readonly ArticleParts[]): ReturnType<typeof parseSgml> {
  return parseSgml(sgmlFile(...articles), 'reut2-000.sgm');
}

function refusal(change: (text: string) => string): Promise<string> {
  const text = change(Buffer.from(sgmlFile(cocoa, { ...cocoa, id: 2 })).toString('latin1'));
  return messageOf(() => parseSgml(new Uint8Array(Buffer.from(text, 'latin1')), 'reut2-000.sgm'));
}

describe("a file of the collection's", () => {
  it('has articles with number, topics, title and body, without the dateline', () => {
    expect(parse(cocoa, { id: 2, topics: ['grain', 'wheat'], body: '' })).toEqual([
      {
        id: 1,
        topics: ['cocoa'],
        title: 'BAHIA COCOA REVIEW',
        body: 'Showers continued\n Reuter\n\u0003',
        side: 'train',
      },
      { id: 2, topics: ['grain', 'wheat'], title: '', body: '\n Reuter\n\u0003', side: 'train' },
    ]);
  });

  it.each([
    ['TRAIN', 'YES', 'train'],
    ['TEST', 'YES', 'test'],
    ['NOT-USED', 'YES', undefined],
    ['TRAIN', 'NO', undefined],
    ['TEST', 'BYPASS', undefined],
  ] as const)('puts an article of LEWISSPLIT %s and TOPICS %s on the side %s', (split, hasTopics, side) => {
    expect(parse({ ...cocoa, split, hasTopics })[0]?.side).toBe(side);
  });

  it('may have articles of a title alone, and such as are not divided into title and body', () => {
    const [brief, unprocessed] = parse(
      { id: 1, title: 'QTLY DIV' },
      { id: 2, unprocessed: 'All of &lt;it>' },
    );
    expect(brief).toMatchObject({ title: 'QTLY DIV', body: '' });
    expect(unprocessed).toMatchObject({ title: '', body: '\u0002\nAll of <it>\n\u0003' });
  });

  it('has references to characters, each read once', () => {
    const [article] = parse({
      ...cocoa,
      title: '&lt;A&amp;B> &amp;lt; &#65;&quot; &#3; AT&T &such; &#9999999;',
    });
    expect(article?.title).toBe('<A&B> &lt; A" \u0003 AT&T &such; &#9999999;');
  });

  it('is read as Latin-1', () => {
    expect(parse({ ...cocoa, title: 'M\u00fcller \u00ff' })[0]?.title).toBe('M\u00fcller \u00ff');
  });

  it('may have any line ends and further attributes', () => {
    const text = Buffer.from(sgmlFile(cocoa)).toString('latin1');
    const other = text.replaceAll('\n', '\r\n').replace(' NEWID', ' CSECS="17" NEWID');
    expect(parseSgml(new Uint8Array(Buffer.from(other, 'latin1')), 'x')[0]).toMatchObject({
      id: 1,
      topics: ['cocoa'],
    });
  });
});

describe('a file that is none of the collection', () => {
  it('is refused when it begins otherwise', async () => {
    expect(await refusal((text) => text.slice(3))).toBe(
      'reut2-000.sgm: expected <!DOCTYPE lewis> first, found "OCTYPE lewis SYSTEM "; check that this is a file of Reuters-21578.',
    );
    expect(await messageOf(() => parseSgml(new Uint8Array(), 'empty.sgm'))).toContain('found ""');
  });

  it('is refused when it has no articles', async () => {
    expect(await refusal((text) => text.slice(0, 40).trimEnd().slice(0, 35))).toBe(
      'reut2-000.sgm: expected articles, found none; the file is cut off, get it again.',
    );
  });

  it('is refused when something else stands between the articles', async () => {
    expect(await refusal((text) => text.replace('</REUTERS>\n', '</REUTERS>\nmore'))).toMatch(
      /^reut2-000.sgm: at byte \d+: expected <REUTERS>, found "more<REUTERS /,
    );
  });

  it('is refused when an article has no end', async () => {
    const sentence =
      /^reut2-000.sgm: at byte \d+: the article has no <\/REUTERS>; the file is cut off or damaged/;
    expect(await refusal((text) => text.slice(0, -20))).toMatch(sentence);
    expect(await refusal((text) => text.replace('</REUTERS>', ''))).toMatch(sentence);
  });

  it.each([
    ['NEWID="1"', '', 'expected a whole number as NEWID, found ""'],
    ['NEWID="1"', 'NEWID="-1"', 'expected a whole number as NEWID, found "-1"'],
    ['</TOPICS>', '', 'article 1 has no element TOPICS'],
    ['<TEXT>', '<TXT>', 'article 1 has no element TEXT'],
  ])('is refused when %s is %j', async (found, instead, sentence) => {
    expect(await refusal((text) => text.replace(found, instead))).toContain(sentence);
  });

  it('is read or refused with one sentence wherever it is cut off or changed', async () => {
    const bytes = sgmlFile(cocoa, { id: 2, title: 'A &lt;B>' });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        async (place, value, cut) => {
          const changed = cut ? bytes.slice(0, place) : bytes.with(place, value);
          let articles = 0;
          try {
            articles = parseSgml(changed, 'x').length;
          } catch {
            await messageOf(() => parseSgml(changed, 'x'));
          }
          if (cut) expect(articles).toBeLessThan(2);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each([
    ['an attribute without end', (many: string) => `<REUTERS ${many}></REUTERS>`],
    [
      'tags without end',
      (many: string) => `<REUTERS NEWID="1">${many.replaceAll('A', '<TOPICS ')}</REUTERS>`,
    ],
    [
      'topics without end',
      (many: string) => `<REUTERS NEWID="1"><TOPICS>${many.replaceAll('A', '<D>')}</TOPICS></REUTERS>`,
    ],
  ])('does not take time that grows faster than its size: %s', async (_, articleOf) => {
    // With a quadratic search this would take minutes.
    const text = `<!DOCTYPE lewis>${articleOf('A'.repeat(1_000_000))}`;
    expect(await messageOf(() => parseSgml(new Uint8Array(Buffer.from(text)), 'x'))).toContain(
      'x: at byte 16',
    );
  });
});
