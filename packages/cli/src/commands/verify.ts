import { Command } from '@commander-js/extra-typings';
import type { CheckResult, CheckTools } from '../checks.js';
import { checkModelFile, checkRun, checkTicketFile } from '../checks.js';
import { withEvaluator } from '../evaluator.js';
import { fileKind } from '../file-kind.js';
import { interruptible } from '../interrupts.js';
import { dataDirOption, examples, jsonOption, runsOption } from '../options.js';
import { checkText } from '../render/checks.js';
import { findRunFolder, statusOf } from '../run-folder.js';
import { withRuntime } from '../runtime.js';
import { colorsOf, print, printJson } from '../terminal.js';

/** Proves files anew. */
export function verifyCommand() {
  return new Command('verify')
    .summary('prove runs, tickets and models anew')
    .description(
      'Proves files anew. A ticket: its seal, shapes and masks, and that it classifies the test samples as recorded. ' +
        'A model: that it is sound ONNX, equals its ticket where that is at hand (named before it, or in its run), and ' +
        'classifies as recorded. A run: every training and every exported model.',
    )
    .argument('<files...>', 'runs (folder or name), .ticket and .onnx files')
    .addOption(runsOption())
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('tickets verify quick', 'tickets verify level-9.ticket level-9-compact.onnx'),
    )
    .action(async (files, { runs, dataDir, json }) => {
      const colors = colorsOf(process.stdout);
      const results = await interruptible((signal) =>
        withEvaluator(dataDir, (evaluator) =>
          withRuntime(async (runtime) => {
            const tools: CheckTools = { evaluator, runtime, tickets: new Map() };
            const all: CheckResult[] = [];
            for (const file of files) {
              signal.throwIfAborted();
              const found = await checkPath(file, runs, tools);
              if (!json) for (const result of found) print(checkText(result, colors));
              all.push(...found);
            }
            return all;
          }),
        ),
      );
      if (json) printJson(results);
      const wrong = results.filter(({ sound }) => !sound);
      if (wrong.length > 0) {
        const [first] = wrong;
        throw new Error(
          wrong.length === 1 && first
            ? `${first.subject} is not sound: ${first.detail}`
            : `${wrong.length} of ${results.length} checks failed`,
        );
      }
    });
}

async function checkPath(named: string, runs: string, tools: CheckTools): Promise<CheckResult[]> {
  if (!(await statusOf(named))?.isFile()) {
    if (/\.(ticket|onnx|safetensors)$/.test(named)) throw new Error(`${named}: there is no such file`);
    return await checkRun(await findRunFolder(named, runs), tools);
  }
  const kind = await fileKind(named);
  if (kind === 'ticket') return [await checkTicketFile(named, tools)];
  if (kind === 'model') return [await checkModelFile(named, tools)];
  throw new Error(`${named}: JSON cannot be verified; give a run, a .ticket or an .onnx file`);
}
