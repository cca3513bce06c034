// Keeps a run's results for publication: the report, the benchmark with its tables, and every training as a line.
//
//   node tools/results.mjs RUN FOLDER
//
// RUN is a run's folder (runs/<name>-<hash>); FOLDER, made if need be, gets report.html, bench.json, bench-*.csv, stability.json where
// they are there, and trainings.csv.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '@winning-tickets/train';

/** What is written of a training, by column; empty where it was not measured. */
const columns = {
  trial: (stage) => stage.trial,
  branch: (stage) => stage.branch,
  level: (stage) => stage.level,
  density: (stage) => stage.density.toFixed(6),
  survivors: (stage) => stage.survivors,
  live_inputs: (stage) => stage.live?.inputs.live,
  live_units: (stage) =>
    stage.live &&
    Object.entries(stage.live.units)
      .map(([layer, { live }]) => `${layer}:${live}`)
      .join(' '),
  early_stop_iteration: ({ metrics: { best } }) => best.iteration,
  validation_loss: ({ metrics: { best } }) => best.validationLoss.toFixed(6),
  validation_accuracy: ({ metrics: { best } }) => best.validationAccuracy,
  test_accuracy_at_early_stop: ({ metrics: { best } }) => best.testAccuracy,
  test_macro_f1_at_early_stop: ({ metrics: { best } }) => best.testMacroF1?.toFixed(6),
  test_accuracy_at_end: ({ metrics: { end } }) => end.testAccuracy,
  seconds: (stage) => stage.seconds.toFixed(1),
  step_micros: (stage) => Math.round(stage.stepMicros),
  ticket_sha256: (stage) => stage.ticketHash,
};

async function main([from, to]) {
  if (!from || !to) throw new Error('Expected a run and a folder: node tools/results.mjs RUN FOLDER');
  const { stages } = await readRun(from);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (/^(report\.html|bench\.json|stability\.json|bench-[a-z]+\.csv)$/.test(name))
      copyFileSync(join(from, name), join(to, name));
  }
  const order = ['iterative', ...new Set(stages.map(({ branch }) => branch))];
  const sorted = stages.toSorted(
    (a, b) => a.trial - b.trial || order.indexOf(a.branch) - order.indexOf(b.branch) || a.level - b.level,
  );
  const lines = sorted.map((stage) =>
    Object.values(columns)
      .map((cell) => cell(stage) ?? '')
      .join(','),
  );
  writeFileSync(join(to, 'trainings.csv'), [Object.keys(columns).join(','), ...lines, ''].join('\n'));
  console.log(`${to}: ${stages.length} trainings`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
