import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modelData } from '@winning-tickets/bench';
import type { Runtime, SealedTicket } from '@winning-tickets/export';
import { verifyExport } from '@winning-tickets/export';
import { checkModel, decodeModel, readModelInfo, zeros } from '@winning-tickets/onnx';
import { agreement, answersOf, readTicket, wordsMismatch } from '@winning-tickets/ticket';
import type { Run } from '@winning-tickets/train';
import { readHistory, readRun, readStageTicket, stageLabel } from '@winning-tickets/train';
import { readBytes } from './bytes.js';
import { openClassifier } from './classifier.js';
import type { Evaluator } from './evaluator.js';
import { messageOf } from './failures.js';
import { percent, smallNumber, whole } from './render/format.js';
import { runFiles } from './run-folder.js';
import { recordedData } from './ticket-data.js';

/** What came out of verifying one thing. */
export interface CheckResult {
  /** A file, or a stage of a run. */
  readonly subject: string;
  readonly sound: boolean;
  /** What was found, or what is wrong; one sentence. */
  readonly detail: string;
}

export interface CheckTools {
  readonly evaluator: Evaluator;
  readonly runtime: Runtime;
  /** Tickets at hand, by hash. */
  readonly tickets: Map<string, SealedTicket>;
}

/** Another processor may round otherwise and tip a sample or two; more is another network. */
const accuracyTolerance = 5e-4;
const lossTolerance = 1e-4;

const BATCH = 250;

/** Of bags fewer: a model holds a row of weights for each word of each. */
const BAGS = 32;

/** Verifies a ticket: its seal, shapes and masks, and that it classifies the test samples as recorded. */
export async function checkTicketFile(path: string, tools: CheckTools): Promise<CheckResult> {
  return await checked(path, async () => {
    const ticket = await readTicket(path);
    tools.tickets.set(ticket.hash, ticket);
    return await checkRecorded(ticket, path, tools.evaluator);
  });
}

/** Verifies a run: every stage with its ticket and history, and every exported model. */
export async function checkRun(folder: string, tools: CheckTools): Promise<CheckResult[]> {
  const opened = await readRun(folder).catch((error: unknown) => messageOf(error));
  if (typeof opened === 'string') return [{ subject: folder, sound: false, detail: opened }];
  const results: CheckResult[] = [];
  for (const stage of opened.stages) {
    results.push(
      await checked(`${folder}: ${stageLabel(stage)}`, async () => {
        const ticket = await readStageTicket(opened, stage);
        const { evaluations } = await readHistory(opened, stage);
        if (evaluations.at(-1)?.iteration !== stage.iterations) {
          throw new Error(`its history does not end at its last iteration, ${stage.iterations}`);
        }
        tools.tickets.set(ticket.hash, ticket);
        return await checkRecorded(ticket, stage.ticket, tools.evaluator);
      }),
    );
  }
  results.push(completeness(opened));
  const { exports } = runFiles(folder);
  const names = await readdir(exports).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.onnx')).sort()) {
    results.push(await checkModelFile(join(exports, name), tools));
  }
  return results;
}

/**
 * Verifies a model: that it is sound ONNX, that it equals the trained network of its ticket where that is at hand, and
 * that it classifies the test samples as recorded.
 */
export async function checkModelFile(path: string, tools: CheckTools): Promise<CheckResult> {
  return await checked(path, async () => {
    const bytes = await readBytes(path);
    const [problem] = checkModel(decodeModel(bytes, path));
    if (problem !== undefined) throw new Error(`it breaks a rule of ONNX: ${problem}`);
    const { metadata } = readModelInfo(bytes, path);
    const hash = metadata['tickets.ticket'];
    const ticket = hash === undefined ? undefined : await ticketAtHand(hash, path, tools);
    if (!ticket) return await checkAccuracy(path, metadata, tools);
    const dataset = await tools.evaluator.dataset(recordedData(ticket.metadata), path);
    const check = await verifyExport({ ticket, bytes, dataset, run: tools.runtime });
    if (check.problem !== undefined) throw new Error(`it is not equal to its ticket: ${check.problem}`);
    return (
      `equal to ticket ${ticket.hash.slice(0, 12)} on ${whole(check.samples)} test samples, accuracy ` +
      `${percent(check.accuracy)}, largest difference of a logit ${smallNumber(check.maxLogitDifference)}`
    );
  });
}

async function checkRecorded(ticket: SealedTicket, source: string, evaluator: Evaluator): Promise<string> {
  const { metrics } = ticket.metadata;
  for (const [weights, recorded] of [
    ['best', metrics.best],
    ['trained', metrics.end],
  ] as const) {
    const { accuracy, loss } = await evaluator.evaluate(ticket, weights, source);
    const different =
      !(Math.abs(accuracy - recorded.testAccuracy) <= accuracyTolerance) ||
      !(Math.abs(loss - recorded.testLoss) <= lossTolerance * Math.max(1, recorded.testLoss));
    if (different) {
      throw new Error(
        `its ${weights} weights have test accuracy ${percent(accuracy)} and loss ${loss.toFixed(5)} here, recorded are ` +
          `${percent(recorded.testAccuracy)} and ${recorded.testLoss.toFixed(5)}`,
      );
    }
  }
  return `sealed, ${percent(ticket.metadata.density)} of the weights, test accuracy ${percent(metrics.best.testAccuracy)} as recorded`;
}

async function checkAccuracy(
  path: string,
  metadata: Readonly<Record<string, string>>,
  { evaluator, runtime }: CheckTools,
): Promise<string> {
  const { facts, logits } = await openClassifier(path, runtime);
  const data = modelData(metadata);
  if (typeof data === 'string') throw new Error(`${path}: ${data}`);
  const { dataset: id, checksum, split, text } = data;
  const dataset = await evaluator.dataset({ id, checksum, text, ...split }, path);
  const mismatch = facts.words && wordsMismatch({ vocabulary: facts.words.vocabulary }, dataset);
  if (mismatch !== undefined)
    throw new Error(`${path}: the words of ${id} here are not its own: ${mismatch}`);
  const { test } = dataset;
  const { labels } = test;
  const [samples = 0, width = 1] = labels.shape;
  const predicted = zeros(labels.dtype, labels.shape);
  const classes = facts.classNames.length;
  const batch = facts.inputForm.endsWith('bag') ? BAGS : BATCH;
  for (let start = 0; start < samples; start += batch) {
    const scores = await logits(test.inputs, start, Math.min(start + batch, samples));
    predicted.data.set(answersOf(scores, classes, labels.dtype).data, start * width);
  }
  const { accuracy } = agreement(predicted, labels, classes);
  const recorded = Number(metadata['tickets.test.accuracy'] ?? NaN);
  if (!(Math.abs(accuracy - recorded) <= accuracyTolerance)) {
    throw new Error(`its test accuracy is ${percent(accuracy)} here, recorded is ${percent(recorded)}`);
  }
  return `sound ONNX, test accuracy ${percent(accuracy)} as recorded; its ticket is not at hand to compare with`;
}

/** The ticket that a model names: among those read so far, or in the run whose exports it is one of. */
async function ticketAtHand(hash: string, path: string, { tickets }: CheckTools) {
  const known = tickets.get(hash);
  if (known) return known;
  const run = await readRun(join(dirname(path), '..')).catch(() => undefined);
  const stage = run?.stages.find(({ ticketHash }) => ticketHash === hash);
  if (!run || !stage) return undefined;
  const ticket = await readStageTicket(run, stage);
  tickets.set(hash, ticket);
  return ticket;
}

function completeness({ folder, stages, expected }: Run): CheckResult {
  const detail = `${stages.length} of ${expected} trainings are finished`;
  return { subject: folder, sound: true, detail };
}

async function checked(subject: string, check: () => Promise<string>): Promise<CheckResult> {
  try {
    return { subject, sound: true, detail: await check() };
  } catch (error) {
    return { subject, sound: false, detail: messageOf(error) };
  }
}
