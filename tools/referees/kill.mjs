// Kills training with SIGKILL at random instants, starts it again each time with the same command, and compares the
// tickets with those of a run that nobody disturbed: their seals must be the same, bit for bit. Then lets two processes
// work on one run: each stage must be trained once. Last, two processes work on one grid, both are killed again and again,
// and its tickets must be those of a grid that nobody disturbed.
//
//   node tools/referees/kill.mjs [--kills 20] [--seed 1]
//
// Prints a line of JSON per rule, `{rule, problem?}`; exits 1 when one has a problem.
//
// The instants come from the seed; what the machine has done by then does not, so a failure may need several tries to
// show again.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTicket } from '@winning-tickets/ticket';
import { readGrid, readRun, stageFolder, stageLabel, stream } from '@winning-tickets/train';

const root = join(import.meta.dirname, '..', '..');

/** Short, yet with every kind of stage that reads another one's ticket. */
const experiment = {
  ...JSON.parse(readFileSync(join(root, 'experiments', 'quick.json'), 'utf8')),
  name: 'killed',
  iterations: 300,
  evaluateEvery: 100,
  branches: [{ kind: 'random-reinit', levels: [2] }],
  trials: 1,
};
experiment.pruning = { ...experiment.pruning, levels: 2 };

/** Two trials, so that two processes have work to share. */
const shared = { name: 'shared', branches: [], trials: 2 };

/** Half of the kills fall within this time of training, the others at any time after the start. */
const trainingMillis = 800;

/** How often both processes on a grid are killed. */
const gridKills = 3;

/**
 * @param {object} options
 * @param {number} options.kills how many.
 * @param {number} options.seed of the instants.
 * @param {(line: string) => void} options.log told what goes on.
 * @param {object} [options.changes] of the experiment: another engine.
 * @param {boolean} [options.grids] whether grids are killed too; default true.
 * @returns {Promise<{rule: string, problem?: string}[]>} one entry per rule that was checked.
 */
export async function killReferee({ kills, seed, log, changes = {}, grids = true }) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'kill-'));
  try {
    const file = join(folder, 'killed.json');
    writeFileSync(file, JSON.stringify({ ...experiment, ...changes }));
    const undisturbed = start(file, join(folder, 'undisturbed'));
    const expected = await sealsOf(await undisturbed.folder);
    const killed = await killedRuns({
      file,
      folder,
      kills,
      seed,
      log,
      startMillis: undisturbed.startMillis(),
    });
    const together = await twoProcesses(folder, changes);
    return [
      ...killed.runs.map((seals, index) => ({
        rule: `run ${index + 1}, killed ${killed.perRun[index]} times: every ticket is that of the undisturbed run`,
        problem: firstDifference(expected, seals),
      })),
      {
        rule: 'some of the kills made training go on from a checkpoint',
        problem: killed.resumed > 0 ? undefined : 'none did: the kills missed the training',
      },
      ...together,
      ...(grids ? await killedGrid({ folder, changes, seed, log }) : []),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Kills runs until all kills are used up, each run in a folder of its own, and lets each come to its end.
 *
 * @returns {Promise<{runs: Record<string, string>[], perRun: number[], resumed: number}>} `resumed` counts the stages
 *   that went on in the middle.
 */
async function killedRuns({ file, folder, kills, seed, log, startMillis }) {
  const random = stream(seed, 'kills');
  const runs = [];
  const perRun = [];
  let left = kills;
  let resumed = 0;
  while (left > 0) {
    const runsFolder = join(folder, `killed-${runs.length + 1}`);
    let here = 0;
    for (;;) {
      const child = start(file, runsFolder);
      if (left === 0) {
        runs.push(await sealsOf(await child.folder));
        resumed += child.resumedStages();
        break;
      }
      const whileTraining = random.uniform() < 0.5;
      const delay = Math.round(
        random.uniform() * (whileTraining ? trainingMillis : startMillis + trainingMillis),
      );
      const ended = await child.killAfter(delay, { whileTraining });
      resumed += child.resumedStages();
      if (ended) {
        runs.push(await sealsOf(await child.folder));
        break;
      }
      here += 1;
      left -= 1;
      log(`kill ${kills - left} of ${kills}: ${delay} ms into the ${whileTraining ? 'training' : 'process'}`);
    }
    perRun.push(here);
  }
  return { runs, perRun, resumed };
}

/** Two processes, started together on one run. */
async function twoProcesses(folder, changes) {
  const file = join(folder, 'shared.json');
  writeFileSync(file, JSON.stringify({ ...experiment, ...changes, ...shared }));
  const children = [1, 2].map(() => start(file, join(folder, 'shared')));
  const [runFolder] = await Promise.all(children.map((child) => child.folder));
  const run = await readRun(runFolder);
  const done = children.map((child) => child.finishedStages());
  const all = done.flat();
  const twice = all.filter((stage, index) => all.indexOf(stage) !== index);
  const idle = done.findIndex((stages) => stages.length === 0);
  return [
    {
      rule: 'two processes on one run train each stage once',
      problem:
        twice.length > 0
          ? `trained twice: ${twice.join('; ')}`
          : all.length !== run.expected || run.stages.length !== run.expected
            ? `${all.length} stages were trained and ${run.stages.length} are there, expected ${run.expected}`
            : undefined,
    },
    {
      rule: 'two processes on one run share the work',
      problem: idle < 0 ? undefined : `process ${idle + 1} found nothing to do`,
    },
  ];
}

/** Two processes on one grid, both killed and started again some times, and a grid that nobody disturbed. */
async function killedGrid({ folder, changes, seed, log }) {
  const file = join(folder, 'grid.json');
  const grid = { 'pruning.criterion': ['magnitude', 'movement'] };
  writeFileSync(file, JSON.stringify({ ...experiment, ...changes, branches: [], name: 'killed', grid }));
  const undisturbed = start(file, join(folder, 'grid-undisturbed'));
  const expected = await sealsOfGrid(await undisturbed.folder);
  const random = stream(seed, 'grid');
  const runs = join(folder, 'grid-killed');
  for (let kill = 1; kill <= gridKills; kill += 1) {
    const children = [start(file, runs), start(file, runs)];
    const delay = Math.round(random.uniform() * trainingMillis);
    await Promise.all(children.map((child) => child.killAfter(delay, { whileTraining: true })));
    log(`kill ${kill} of ${gridKills} of both processes on a grid: ${delay} ms into the training`);
  }
  const children = [start(file, runs), start(file, runs)];
  const [gridFolder] = await Promise.all(children.map((child) => child.folder));
  const done = children.flatMap((child) => child.finishedStages());
  const twice = done.filter((stage, index) => done.indexOf(stage) !== index);
  return [
    {
      rule: `two processes on one grid, both killed ${gridKills} times: every ticket is that of the undisturbed grid`,
      problem: firstDifference(expected, await sealsOfGrid(gridFolder)),
    },
    {
      rule: 'two processes on one grid train each stage once',
      problem: twice.length > 0 ? `trained twice: ${twice.join('; ')}` : undefined,
    },
  ];
}

/** The seals of all tickets of a grid, by experiment and stage. */
async function sealsOfGrid(folder) {
  const { cells } = await readGrid(folder);
  const seals = {};
  for (const { label, run } of cells) {
    for (const [stage, seal] of Object.entries(await sealsOf(join(folder, run))))
      seals[`${label}, ${stage}`] = seal;
  }
  return seals;
}

/** Starts the experiment in a process group of its own, so that a kill takes the workers too. */
function start(file, runs) {
  const program = join(import.meta.dirname, 'experiment-process.mjs');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, file, runs], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  groups.add(child.pid);
  const events = [];
  let firstProgress;
  let told;
  const training = new Promise((resolve) => (told = resolve));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    events.push(JSON.parse(line));
    if (events.at(-1).type !== 'progress') return;
    firstProgress ??= performance.now();
    told();
  });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      groups.delete(child.pid);
      resolve({ code, signal });
    });
  });
  const folder = ended.then(({ code, signal }) => {
    const last = events.at(-1);
    if (code === 0 && last?.type === 'done') return last.folder;
    throw new Error(`the experiment ended with ${signal ?? code}: ${complaint.trim()}`);
  });
  // Whoever kills the process does not ask for its folder.
  folder.catch(() => undefined);
  const progressOf = () => events.filter(({ type }) => type === 'progress').map(({ progress }) => progress);
  return {
    /** The run's folder, when the run has come to its end. */
    folder,
    startMillis: () => (firstProgress ?? performance.now()) - startedAt,
    finishedStages: () =>
      events
        .filter(({ type }) => type === 'stage')
        .map(({ manifest, cell }) => (cell === undefined ? '' : `${cell}, `) + stageLabel(manifest)),
    /** Stages whose first news here is beyond the first chunk of steps, which is never longer than 20. */
    resumedStages: () => {
      const first = new Map();
      for (const progress of progressOf()) {
        if (!first.has(stageLabel(progress))) first.set(stageLabel(progress), progress.step);
      }
      return [...first.values()].filter((step) => step > 20).length;
    },
    /** @returns {Promise<boolean>} whether the run came to its end before the kill. */
    async killAfter(millis, { whileTraining }) {
      if (whileTraining) await Promise.race([training, ended]);
      const over = await Promise.race([ended, sleep(millis)]);
      if (!over) killGroup(child.pid);
      const { code, signal } = await ended;
      if (code !== 0 && signal !== 'SIGKILL') {
        throw new Error(
          `the experiment ended with ${signal ?? code} before it was killed: ${complaint.trim()}`,
        );
      }
      return code === 0;
    },
  };
}

/** Process groups that this program started and that still run. */
const groups = new Set();

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// Ctrl-C does not reach the groups.
process.on('exit', () => groups.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The seals of a finished run's tickets by stage, read from the tickets themselves. */
async function sealsOf(folder) {
  const run = await readRun(folder);
  if (run.stages.length !== run.expected) {
    throw new Error(`${folder}: ${run.stages.length} stages are done, expected ${run.expected}`);
  }
  const seals = {};
  for (const stage of run.stages) {
    const ticket = await readTicket(join(stageFolder(run, stage), stage.ticket));
    seals[stageLabel(stage)] = ticket.hash;
  }
  return seals;
}

function firstDifference(expected, found) {
  const stages = Object.keys({ ...expected, ...found });
  const different = stages.find((stage) => expected[stage] !== found[stage]);
  return different && `${different}: the seal is ${found[different]}, expected ${expected[different]}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
  });
  const checks = await killReferee({
    kills: Number(values.kills),
    seed: Number(values.seed),
    log: (line) => console.error(line),
  });
  for (const check of checks) console.log(JSON.stringify(check));
  if (checks.some(({ problem }) => problem)) process.exitCode = 1;
}
