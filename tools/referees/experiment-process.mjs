// Runs an experiment, or goes on with it, as a process that can be killed:
//
//   node tools/referees/experiment-process.mjs <experiment.json> <folder of runs>
//
// Each event is a JSON line on standard output; the last one is {"type": "done", "folder": ...}. One worker, and a
// checkpoint after every chunk of steps.
import { readFileSync } from 'node:fs';
import { parseExperiment, runExperiment } from '@winning-tickets/train';

const [file, root] = process.argv.slice(2);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

try {
  const run = await runExperiment({
    experiment: parseExperiment(JSON.parse(readFileSync(file, 'utf8')), file),
    root,
    workers: 1,
    checkpointSeconds: 0,
    onEvent: say,
  });
  say({ type: 'done', folder: run.folder });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
