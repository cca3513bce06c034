import type { Trainability, TrainingCost } from '@winning-tickets/train';
import type { BranchLevels } from './branches.js';
import { figures, nothing, type Section, section } from './document.js';
import { count, decimal, densityText, durationText } from './format.js';
import { markup } from './html.js';
import { costByDensity } from './plots/cost-by-density.js';
import { stepByDensity } from './plots/step-by-density.js';
import { trainabilityTable } from './tables/trainability.js';

/** The part of a report about what tickets save when they train, and what finding them costs. */
export function trainabilitySection(trainability: Trainability, branches: readonly BranchLevels[]): Section {
  const { levelSeconds, levelSecondsAtDense, quickest } = trainability;
  const saved = levelSecondsAtDense - levelSeconds;
  return section('trainability', 'What training costs', [
    quickest
      ? markup`<p>${answer(quickest)}</p>`
      : nothing('No ticket comes to the loss of the dense network in fewer steps.'),
    levelSecondsAtDense > 0 &&
      markup`<p>
        The steps of all pruned levels took ${durationText(levelSeconds)}; at the pace of the dense network it would have been
        ${durationText(levelSecondsAtDense)}: ${durationText(Math.abs(saved))} ${saved >= 0 ? 'saved' : 'lost'}.
      </p>`,
    figures([costByDensity(trainability), stepByDensity(branches)]),
    trainabilityTable(trainability),
  ]);
}

function answer({ density, stepsToLoss, secondsToLoss, findingSeconds, paysAfter }: TrainingCost): string {
  const interval = stepsToLoss?.interval;
  const range = interval ? ` (95 % interval ${decimal(interval.low)} to ${decimal(interval.high)})` : '';
  const finding =
    findingSeconds === null
      ? ''
      : ` The trainings that found it took ${durationText(findingSeconds)} a trial`;
  const payback =
    finding === ''
      ? ''
      : paysAfter === null
        ? '.'
        : `, as much as ${count(Math.ceil(paysAfter), 'such training')} of it save${paysAfter <= 1 ? 's' : ''}.`;
  return (
    `The ticket of ${densityText(density)} comes to the loss of the dense network in ${decimal(stepsToLoss?.ratio)} of its ` +
    `steps${range} and ${decimal(secondsToLoss?.ratio)} of its time.${finding}${payback}`
  );
}
