import type { Outcome, PreparedSearch } from '@winning-tickets/train';
import { bytesText, counted, durationText, percent, whole } from './format.js';

/** What a search is going to do, in a line. */
export function searchPlanText(
  { folder, candidates, ended, workers, bytes }: PreparedSearch,
  runs: string,
): string {
  const all = counted(candidates.length, 'candidate');
  if (ended.size === candidates.length) return `${folder}: all ${all} are trained`;
  const left = ended.size > 0 ? `${whole(candidates.length - ended.size)} of ` : '';
  return `${folder}: ${left}${all}, ${bytesText(bytes)} in ${runs}, ${workers} at a time`;
}

/** A candidate that has ended. Of the test samples it says nothing: the search is not over. */
export function endedText({ type, candidate }: Outcome): string {
  if (type === 'diverged') return `diverged ${candidate.name}: ${candidate.message}`;
  const { name, validation, parameters, seconds } = candidate;
  return (
    `finished ${name}: validation accuracy ${percent(validation.accuracy)}, loss ${validation.loss.toFixed(4)}, ` +
    `${counted(parameters, 'parameter')}, ${durationText(seconds)}`
  );
}
