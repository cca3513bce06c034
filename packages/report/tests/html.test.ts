import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, markup } from '../src/html.js';

describe('HTML templates', () => {
  it('escape text and leave HTML alone', () => {
    expect(markup`<p title="${'"'}">${'<b>'}${markup`<i>${1}</i>`}</p>`.text).toBe(
      '<p title="&quot;">&lt;b&gt;<i>1</i></p>',
    );
  });
  it('join lists and leave out nothing', () => {
    expect(markup`${['a', null, undefined, false, ['<', 0]]}`.text).toBe('a&lt;0');
  });
  it('no text keeps a character that HTML would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
