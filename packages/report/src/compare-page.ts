import { levelsOf, iterative } from './branches.js';
import { figures, nothing, renderDocument, section } from './document.js';
import { type Content, markup } from './html.js';
import { count, durationText } from './format.js';
import type { ComparedRun } from './input.js';
import { accuracyByDensity } from './plots/accuracy-by-density.js';
import { iterationByDensity } from './plots/iteration-by-density.js';
import { layerDensities } from './plots/layer-densities.js';
import { maskPictures } from './plots/mask-pictures.js';
import { stabilityBarriers } from './plots/stability-barriers.js';
import { stabilityLine } from './plots/stability-line.js';
import { stabilityIntro } from './stability.js';
import { comparedClaims, isHeld } from './tables/claims.js';
import { accuracyAtDensities, differenceAtDensities, layersAtDensities } from './tables/comparison.js';
import { comparedFacts } from './tables/compared-facts.js';
import { comparedBarriers } from './tables/stability.js';

/** What the page of several runs is made of. */
export interface CompareReportInput {
  /** What is compared: the grid's name. */
  readonly title: string;
  /** In the order to show them; the first is what the others are compared with. */
  readonly runs: readonly ComparedRun[];
  /** Densities at which they are compared, 0 to 1, descending: each run by its nearest level. */
  readonly densities: readonly number[];
  /** The command line that does the page again. */
  readonly command: string;
}

/** More lines than this cannot be told apart in a plot. */
const MOST_LINES = 7;

/** More runs than this have no figures of their own, which would make the page long; tables have them all. */
const MOST_DRAWN = 12;

/** Several runs side by side, as one HTML page that needs no other file and no JavaScript. Equal input gives equal text. */
export function renderCompareReport({ title, runs, densities, command }: CompareReportInput): string {
  const lines = runs.map(({ label, run }) => ({ branch: label, levels: levelsOf(run, iterative) }));
  const groups = Array.from({ length: Math.ceil(lines.length / MOST_LINES) }, (_, index) =>
    lines.slice(index * MOST_LINES, (index + 1) * MOST_LINES),
  );
  const suffixOf = (index: number) => (groups.length > 1 ? `-${index + 1}` : '');
  const claimed = runs.flatMap(({ claims, ...run }) => (claims ? [{ ...run, claims }] : []));
  const analysed = runs.flatMap(({ stability, ...run }) => (stability ? [{ ...run, stability }] : []));
  const finished = runs.reduce((sum, { run }) => sum + run.stages.length, 0);
  const expected = runs.reduce((sum, { run }) => sum + run.expected, 0);
  const seconds = runs.flatMap(({ run }) => run.stages).reduce((sum, stage) => sum + stage.seconds, 0);
  return renderDocument({
    title: `Compared: ${title}`,
    intro: markup`<p class="lead">
      ${count(runs.length, 'run')}, ${finished} of ${count(expected, 'training')}, ${durationText(seconds)} of training in all.
      Differences are from <strong>${runs[0]?.label}</strong>.
    </p>`,
    sections: [
      section('accuracy', 'Accuracy', [
        finished > 0
          ? [
              figures(groups.map((group, index) => accuracyByDensity(group, suffixOf(index)))),
              accuracyAtDensities(runs, densities),
              differenceAtDensities(runs, densities),
            ]
          : nothing('No training is finished yet.'),
      ]),
      section('training', 'Training', [
        finished > 0
          ? figures(groups.map((group, index) => iterationByDensity(group, suffixOf(index))))
          : nothing('No training is finished yet.'),
      ]),
      ...(claimed.some(({ claims }) => isHeld(claims))
        ? [section('claims', 'What a paper claims', [comparedClaims(claimed)])]
        : []),
      section('layers', 'Where the weights are', [
        finished > 0
          ? [
              layersAtDensities(runs, densities),
              eachRun(
                runs.filter(({ run }) => run.stages.length > 0),
                ({ run, masks = [] }, suffix) => [
                  figures([layerDensities(run, suffix)]),
                  masks.slice(0, 1).map((picture) => maskPictures(picture, `mask${suffix}`)),
                ],
              ),
            ]
          : nothing('No training is finished yet.'),
      ]),
      ...(analysed.length > 0
        ? [
            section('stability', 'Stability', [
              stabilityIntro,
              comparedBarriers(analysed),
              eachRun(analysed, ({ stability }, suffix) =>
                figures([stabilityBarriers(stability, suffix), stabilityLine(stability, suffix)]),
              ),
            ]),
          ]
        : []),
      section('limits', 'What these numbers cannot say', [
        markup`<ul>
          <li>
            Levels lie at the densities that each run has: columns show the nearest, with the density where it is another
            than asked by more than a tenth.
          </li>
          <li>Differences are paired over trials of the same number, which share their seed only where the runs do.</li>
          <li>Of many comparisons some come out by chance: one in twenty intervals misses a difference of 0.</li>
        </ul>`,
      ]),
      section('setup', 'What was run', [comparedFacts(runs)]),
      section('again', 'Do it again', [markup`<pre class="command" tabindex="0">${command}</pre>`]),
    ],
    footer:
      'Test accuracy is at the iteration of least validation loss; intervals are Student’s t over trials.',
  });
}

/** What there is to draw of each run, under its name. */
function eachRun<Run extends ComparedRun>(
  runs: readonly Run[],
  draw: (run: Run, suffix: string) => Content,
): Content {
  return [
    runs.slice(0, MOST_DRAWN).map((run, index) => {
      const drawn = draw(run, `-${index + 1}`);
      return drawn && markup`<h3>${run.label}</h3>${drawn}`;
    }),
    runs.length > MOST_DRAWN &&
      nothing(`The first ${MOST_DRAWN} of ${count(runs.length, 'run')} are drawn; the table has all.`),
  ];
}
