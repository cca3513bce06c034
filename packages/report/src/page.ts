import { answerList, benchEvidence, placeOf } from './bench-sections.js';
import { branchesOf } from './branches.js';
import { caveats } from './caveats.js';
import { figures, nothing, renderDocument, section } from './document.js';
import { count } from './format.js';
import { markup } from './html.js';
import type { ReportInput } from './input.js';
import { accuracyByDensity } from './plots/accuracy-by-density.js';
import { endAccuracyByDensity } from './plots/end-accuracy-by-density.js';
import { fileSizes } from './plots/file-sizes.js';
import { iterationByDensity } from './plots/iteration-by-density.js';
import { layerDensities } from './plots/layer-densities.js';
import { macroF1ByDensity } from './plots/macro-f1-by-density.js';
import { maskPictures } from './plots/mask-pictures.js';
import { validationLoss } from './plots/validation-loss.js';
import { stabilitySection } from './stability.js';
import { missingNotice, summary } from './summary.js';
import { accuracyTable } from './tables/accuracy.js';
import { claimsTable, isHeld, tally } from './tables/claims.js';
import { liveTable } from './tables/live.js';
import { trainingTable } from './tables/training.js';
import { whatWasRun } from './tables/what-was-run.js';
import { wordsTable } from './tables/words.js';
import { trainabilitySection } from './trainability.js';

/**
 * A run, complete or not, as one HTML page that needs no other file and no JavaScript. Equal input gives equal text.
 */
export function renderReport(input: ReportInput): string {
  const { run, benches = [], claims, stability, trainability, command, masks = [], words = [] } = input;
  const suffixOf = (index: number) => (benches.length > 1 ? `-${index + 1}` : '');
  const live = liveTable(run);
  const { experiment } = run;
  const branches = branchesOf(run);
  const title = `Lottery tickets: ${experiment.name} on ${run.dataset.id}`;
  const network = typeof experiment.network === 'string' ? experiment.network : experiment.network.name;
  const sections = [
    section('accuracy', 'Accuracy', [
      figures([accuracyByDensity(branches), endAccuracyByDensity(branches), macroF1ByDensity(branches)]),
      branches.length > 0
        ? accuracyTable(branches, experiment.trials)
        : nothing('No training is finished yet.'),
    ]),
    section('training', 'Training', [
      figures([iterationByDensity(branches), validationLoss(run), layerDensities(run)]),
      branches.length > 0 ? trainingTable(branches) : nothing('No training is finished yet.'),
    ]),
    ...(trainability && trainability.costs.length > 0 ? [trainabilitySection(trainability, branches)] : []),
    ...(claims && isHeld(claims)
      ? [
          section('claims', 'What a paper claims', [
            markup`<p>${count(claims.results.length, 'claim')}: ${tally(claims)}.</p>`,
            claimsTable(claims),
          ]),
        ]
      : []),
    ...(live || masks.length > 0 || words.length > 0
      ? [
          section('structure', 'What is left', [
            live,
            masks.map((picture, index) => maskPictures(picture, `mask-${index + 1}`)),
            words.map(wordsTable),
          ]),
        ]
      : []),
    ...(stability ? [stabilitySection(stability)] : []),
    section('running', 'Running a ticket', [
      figures([fileSizes(input)]),
      benches.length === 0 && nothing('No benchmark was made.'),
      benches.map(
        (bench, index) =>
          markup`${benches.length > 1 && markup`<h3>${placeOf(bench)}</h3>`}${benchEvidence(bench, suffixOf(index))}`,
      ),
    ]),
    section('limits', 'What these numbers cannot say', [
      markup`<ul>
        ${caveats(input).map((note) => markup`<li>${note}</li>`)}
      </ul>`,
    ]),
    section('setup', 'What was run', [
      whatWasRun(input),
      markup`<details>
        <summary>The experiment file, all settings</summary>
        <pre tabindex="0">${JSON.stringify(experiment, null, 2)}</pre>
      </details>`,
    ]),
    section('again', 'Run it again', [
      markup`<p>
          With the same version, data and thread count this command gives the same weights, bit for bit.
          Latencies will differ.
        </p>
        <pre class="command" tabindex="0">${command}</pre>`,
    ]),
  ];
  return renderDocument({
    title,
    intro: markup`<p class="muted">${network}, ${run.stages.length} of ${run.expected} trainings</p>
          ${summary(run)}${benches.map(answerList)}${missingNotice(run)}`,
    sections,
    footer:
      'Early stop and iterative magnitude pruning as in Frankle and Carbin, “The Lottery Ticket Hypothesis” (2019).',
  });
}
