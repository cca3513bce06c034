import { describe, expect, it } from 'vitest';
import { colours, style } from '../src/style.js';

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 1, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s theme', (name) => {
  const theme = colours[name];
  it('has text of contrast 4.5 or more on page and surface', () => {
    for (const colour of [theme.text, theme.muted, theme.link]) {
      expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour, theme.surface)).toBeGreaterThanOrEqual(4.5);
    }
  });
  it('has lines and symbols of contrast 3 or more', () => {
    for (const colour of theme.series) expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(3);
  });
});

it('the style sheet loads nothing and cannot close its element', () => {
  expect(style).not.toMatch(/url\(|@import|<|http/);
});
