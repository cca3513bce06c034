// Fills the disk under a training: it must say so in one sentence, lose nothing, and come to its end once there is room.
//
//   node tools/referees/disk.mjs
//
// Prints a line of JSON per rule, `{rule, problem?}`; exits 1 when one has a problem.
//
// The disk is a small file system in memory, which only root can mount, and only on Linux.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..', '..');
const tickets = join(root, 'packages', 'cli', 'bin', 'tickets.js');

/**
 * Two stages of 3.5 MB each, and a checkpoint of 4.3 MB: 11.2 MB. They take several seconds, so that the disk is full long
 * before they end.
 */
const training = ['train', 'quick', '--trials', '1', '--levels', '1', '--iterations', '3000'];

export const canMount = () => process.platform === 'linux' && process.getuid() === 0;

/** @returns {Promise<{rule: string, problem?: string}[]>} one entry per rule that was checked. */
async function diskReferee() {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const disk = mkdtempSync(join(root, '.cache', 'disk-'));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      unmount(disk);
      process.exit(1);
    });
  }
  mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk);
  try {
    const refused = await run([...training, '--runs', join(disk, 'runs')]);
    const rules = [
      {
        rule: 'a run that does not fit is refused before it starts',
        problem:
          complaint(refused, /^tickets: .* needs about [\d.]+ MB, [\d.]+ MB free: .*$/) ??
          (readdirSync(disk).length > 0 ? 'something was written' : undefined),
      },
    ];
    mount('-o', 'remount,size=16m', disk);
    const filler = join(disk, 'filler');
    const interrupted = await run([...training, '--runs', join(disk, 'runs')], () => fill(filler));
    if (!existsSync(filler))
      throw new Error(`the training ended before the disk was full: ${interrupted.errors}`);
    rules.push({
      rule: 'a disk that fills up during training ends it with one sentence',
      problem: complaint(interrupted, /^tickets: cannot write .*: the disk is full; .*$/),
    });
    rmSync(filler);
    const resumed = await run([...training, '--runs', join(disk, 'runs')]);
    const proved = await run(['verify', join(disk, 'runs', readdirSync(join(disk, 'runs'))[0])]);
    const leftovers = readdirSync(disk, { recursive: true }).filter((name) => /\.tmp$|checkpoint/.test(name));
    rules.push({
      rule: 'with room again, the same command comes to its end with sound tickets',
      problem:
        resumed.code !== 0 || proved.code !== 0
          ? (resumed.errors + proved.errors).trim()
          : leftovers.length > 0
            ? `left over: ${leftovers.join(', ')}`
            : undefined,
    });
    return rules;
  } finally {
    unmount(disk);
  }
}

function unmount(disk) {
  spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
}

function mount(...args) {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr.trim()}`);
}

/** Writes zeros until the disk takes no more. */
function fill(file) {
  const block = Buffer.alloc(65_536);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}

/** Runs the command to its end; `onTraining` is called when its workers have started to train. */
function run(args, onTraining) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tickets, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      const before = errors;
      errors += text;
      // The estimate of the time comes from the first steps.
      if (!before.includes('estimate:') && errors.includes('estimate:')) onTraining?.();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, errors }));
  });
}

function complaint({ code, errors }, sentence) {
  const said = errors.split('\n').filter((line) => line.startsWith('tickets:'));
  if (code === 1 && said.length === 1 && sentence.test(said[0])) return undefined;
  return `it ended with ${code} and said: ${errors.trim()}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checks = await diskReferee();
  for (const check of checks) console.log(JSON.stringify(check));
  if (checks.some(({ problem }) => problem)) process.exitCode = 1;
}
