// Runs an experiment, or a grid of them, or goes on with it, as a process that can be killed:
//
//   node tools/referees/experiment-process.mjs <experiment.json> <folder of runs>
//
// Each event is a JSON line on standard output, of a grid with its experiment's label as `cell`; the last one is
// {"type": "done", "folder": ...}. One worker, and a checkpoint after every chunk of steps.
import { readFileSync } from 'node:fs';
import { isGrid, parseExperiment, parseGrid, runExperiment, runGrid } from '@winning-tickets/train';

const [file, root] = process.argv.slice(2);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

try {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const options = { root, workers: 1, checkpointSeconds: 0 };
  const run = isGrid(json)
    ? await runGrid({
        ...options,
        grid: parseGrid(json, file),
        onEvent: ({ cell, event }) => say({ ...event, cell: cell.label }),
      })
    : await runExperiment({ ...options, experiment: parseExperiment(json, file), onEvent: say });
  say({ type: 'done', folder: run.folder });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
