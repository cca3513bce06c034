import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Figure } from '../../src/plots/figure.js';

/** In every test of the file a plot that warns is a failure. */
export function warningsFail(): void {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation((...message: unknown[]) => {
      throw new Error(`a plot warned: ${message.join(' ')}`);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

/** Compares a figure's drawing with the committed one, and checks what holds of every drawing. */
export async function expectDrawing(figure: Figure | undefined, name: string): Promise<void> {
  const svg = figure?.svg.text ?? '';
  expect(svg).not.toMatch(/NaN|undefined|Infinity|null|⚠/);
  expect(svg).toMatch(/^<svg aria-label="[^"]{20,}" role="img" /);
  await expect(`${svg.replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(`../snapshots/${name}.svg`);
}
