import type { ModelInfo } from '@winning-tickets/onnx';
import type { TicketMetadata } from '@winning-tickets/ticket';
import type { Run } from '@winning-tickets/train';
import { bytesText, counted, durationText, percent, whole } from './format.js';
import { renderFacts } from './table.js';

/** What a run is. */
export function runFactsText(run: Run): string {
  const {
    experiment: {
      network,
      optimizer,
      batchSize,
      iterations,
      pruning,
      trials,
      seed,
      threads,
      together,
      engine,
      device,
    },
  } = run;
  const seconds = run.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return renderFacts([
    ['run', run.folder],
    ['trainings', `${run.stages.length} of ${run.expected}, ${durationText(seconds)} in all`],
    ['data set', `${run.dataset.id} (${run.dataset.checksum.slice(0, 12)})`],
    ['network', typeof network === 'string' ? network : network.name],
    [
      'engine',
      `${engine} on ${device}, ${counted(threads, 'thread')}${together > 1 ? `, ${together} trials together` : ''}`,
    ],
    [
      'training',
      `${whole(iterations)} steps of batch ${batchSize}, ${optimizer.kind} at rate ${optimizer.rate}`,
    ],
    [
      'pruning',
      [
        `${pruning.criterion}, ${percent(pruning.rate)} a round, ${counted(pruning.levels, 'level')}`,
        ...(pruning.later ?? []).map(
          ({ from, criterion, rate }) => `from level ${from} on ${criterion}, ${percent(rate)} a round`,
        ),
      ].join('; '),
    ],
    ['trials', `${trials}, seed ${seed}`],
  ]);
}

/** What a ticket is. */
export function ticketFactsText(ticket: {
  readonly metadata: TicketMetadata;
  readonly hash: string;
  readonly layerDensities: Readonly<Record<string, number>>;
}): string {
  const { metadata, hash, layerDensities } = ticket;
  const { network, dataset, trial, branch, level, seed, density, metrics, software } = metadata;
  const layers = Object.entries(layerDensities).map(([name, share]) => `${name} ${percent(share)}`);
  const measured = (at: typeof metrics.best) =>
    `iteration ${whole(at.iteration)}: validation loss ${at.validationLoss.toFixed(4)}, test accuracy ` +
    percent(at.testAccuracy);
  return renderFacts([
    ['ticket', `${hash} (seal verified)`],
    ['network', network.name],
    ['data set', `${dataset.id} (${dataset.checksum.slice(0, 12)}), ${dataset.classNames.length} classes`],
    ...(dataset.text ? [['text', textFact(dataset.text, dataset.words ?? 0)] as const] : []),
    ['training', `trial ${trial}, ${branch}, level ${level}, seed ${seed}`],
    ['weights left', `${percent(density)}: ${layers.join(', ')}`],
    ['early stop', measured(metrics.best)],
    ['end', measured(metrics.end)],
    [
      'software',
      Object.entries(software)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ]);
}

function textFact(text: NonNullable<TicketMetadata['dataset']['text']>, words: number): string {
  return text.kind === 'bag'
    ? `bags of ${whole(words)} words, ${text.weights}`
    : `sequences of ${whole(text.length)} words, ${whole(words)} different numbers`;
}

/** What an ONNX file is. */
export function modelFactsText(info: ModelInfo, bytes: number): string {
  const values = (list: ModelInfo['inputs']) =>
    list.map(({ name, dtype, shape }) => `${name}: ${dtype} [${shape?.join(', ') ?? '?'}]`).join('; ');
  return renderFacts([
    ['size', `${bytesText(bytes)}, of it ${bytesText(info.initializerBytes)} weights`],
    ['producer', `${info.producer.name} ${info.producer.version}`.trim()],
    ['opset', `${info.opset ?? 'none'}, IR version ${info.irVersion}`],
    ['inputs', values(info.inputs)],
    ['outputs', values(info.outputs)],
    [
      'operators',
      Object.entries(info.nodeCounts)
        .map(([name, times]) => `${times} ${name}`)
        .join(', '),
    ],
    ...Object.entries(info.metadata).map(([name, value]) => [name, shortened(value)] as const),
  ]);
}

// A list of live inputs has hundreds of numbers; control characters could play with the terminal.
function shortened(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ');
  return plain.length <= 100 ? plain : `${plain.slice(0, 97)}...`;
}
