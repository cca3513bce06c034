import { note } from '../terminal.js';
import { barView } from './bars.js';
import { lineView } from './lines.js';
import type { ProgressView } from './view.js';

/** Shows on standard error how trainings go on: bars on a terminal, lines elsewhere. */
export function progressView(): ProgressView {
  return process.stderr.isTTY ? barView(process.stderr) : lineView(note);
}
