import type { Stability } from '@winning-tickets/train';
import { figures, type Section, section } from './document.js';
import { markup } from './html.js';
import { stabilityBarriers } from './plots/stability-barriers.js';
import { stabilityLine } from './plots/stability-line.js';
import { overlapTable, stabilityTable } from './tables/stability.js';

/** What was done. */
export const stabilityIntro = markup`<p>
  The dense network was trained to a step, its weights were pruned, and two copies went on from there with their batches in
  different orders (Frankle et al. 2020).
</p>`;

/** The part of a page about a stability analysis. */
export function stabilitySection(stability: Stability): Section {
  return section('stability', 'Stability', [
    stabilityIntro,
    figures([stabilityBarriers(stability), stabilityLine(stability)]),
    stability.cells.length > 0 && stabilityTable(stability),
    stability.overlaps.length > 0 && overlapTable(stability),
  ]);
}
