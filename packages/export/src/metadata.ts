import { createRequire } from 'node:module';
import type { SealedTicket } from './sealed-ticket.js';
import type { ExportCheck } from './export-check.js';

/** Version of the metadata's layout: the value of `tickets.format`. */
const METADATA_FORMAT = '1';

/** What every key of ours starts with. */
const PREFIX = 'tickets.';

/** Who wrote a model. */
export const producer: { readonly name: string; readonly version: string } = {
  name: 'winning-tickets',
  version: (createRequire(import.meta.url)('../package.json') as { readonly version: string }).version,
};

/**
 * What a model says about the ticket it comes from. Texts and numbers are written as they are, lists and objects as
 * JSON.
 *
 * - `tickets.format`: version of this layout.
 * - `tickets.ticket`: the ticket's seal, 64 hex digits.
 * - `tickets.encoding`, `tickets.network` (name), `tickets.branch`, `tickets.trial`, `tickets.level`.
 * - `tickets.density`: share of the prunable weights that survive, 0 to 1.
 * - `tickets.dataset` (id), `tickets.datasetChecksum`, `tickets.split`: how many samples were set apart for validation, and
 *   the seed that drew them, `{ validation, seed }`.
 * - `tickets.inputShape`: shape of a stored sample; `tickets.inputScale`: what the caller multiplies stored values
 *   by before they enter the graph.
 * - `tickets.classNames`: in the order of the logits.
 * - `tickets.labels`: `set` where a sample has any number of classes, those whose logits are above 0.
 * - of text, `tickets.text`: how it becomes numbers; `tickets.vocabulary`: the words by their numbers, a line each;
 *   `tickets.wordWeights`: of tf-idf bags, what the words' counts are multiplied by, to nine digits.
 * - `tickets.test.samples`, `tickets.test.accuracy` (0 to 1), `tickets.test.loss` (mean cross-entropy, nats): of the
 *   trained network by what the ticket says, unless `tickets.check` is there; see `checkMetadata`.
 * - what the encoding adds: `tickets.inputForm`, where it is not `dense` (see `InputForm`); `tickets.compaction` (how many inputs no longer enter the network, whether the graph itself picks
 *   those that do, and how many units of each layer are gone), `tickets.fanIn` (how long the lists of inputs per unit are
 *   in each layer that has some), `tickets.of` (the encoding whose weights are rounded), `tickets.liveInputs` (which elements of the flattened
 *   stored sample the graph takes, where it takes only these).
 */
export function ticketMetadata(
  ticket: SealedTicket,
  encoding: string,
  added: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const { metadata: ofTicket, vocabulary, wordWeights } = ticket;
  const { dataset, network, branch, trial, level, density, metrics } = ofTicket;
  return texts({
    format: METADATA_FORMAT,
    ticket: ticket.hash,
    encoding,
    network: network.name,
    branch,
    trial,
    level,
    density,
    dataset: dataset.id,
    datasetChecksum: dataset.checksum,
    split: { validation: dataset.split.validation, seed: dataset.split.seed },
    inputShape: dataset.inputShape,
    inputScale: dataset.inputScale,
    classNames: dataset.classNames,
    // Only of sets of classes is this F1 measured.
    ...(metrics.best.testMicroF1 === undefined ? {} : { labels: 'set' }),
    'test.samples': dataset.split.test,
    'test.accuracy': metrics.best.testAccuracy,
    'test.loss': metrics.best.testLoss,
    ...(dataset.text ? { text: dataset.text } : {}),
    ...(vocabulary ? { vocabulary: vocabulary.join('\n') } : {}),
    ...(wordWeights ? { wordWeights: Array.from(wordWeights, nineDigits) } : {}),
    ...added,
  });
}

// As exact as single precision, which the rows are in, at half the length.
function nineDigits(weight: number): number {
  return Number(weight.toPrecision(9));
}

/**
 * What a model says when it was run on the test samples and found equal: `tickets.test.*` as measured on this very
 * graph, and `tickets.check`, the comparison as JSON.
 */
export function checkMetadata(check: ExportCheck): Record<string, string> {
  return texts({
    'test.samples': check.samples,
    'test.accuracy': check.accuracy,
    'test.loss': check.loss,
    check,
  });
}

function texts(entries: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [
      `${PREFIX}${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
