import type { RunSummary } from '@winning-tickets/train';
import { bytesText, unknown } from './format.js';
import type { Table } from './table.js';

/** Runs for people, one a line. */
export function runsTable(runs: readonly RunSummary[]): Table {
  return {
    headers: ['run', 'trainings', 'size', 'last finished'],
    rows: runs.map(({ folder, done, expected, bytes, lastFinished, problem }) => [
      folder,
      problem === undefined ? `${done} of ${expected}` : 'unreadable',
      bytesText(bytes),
      lastFinished === undefined ? unknown : timeText(lastFinished),
    ]),
  };
}

/** `2026-01-31 12:00 UTC` of an ISO time in UTC. */
function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
