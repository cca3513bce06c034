import { execFile, spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { perform } from '../src/main.js';

const launcher = fileURLToPath(new URL('../bin/tickets.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command in this process, as if it were started in a folder: a process of its own spends most of a short
 * command's time on starting. One at a time, because a process has one folder and one output.
 */
export async function tickets(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  const before = { folder: process.cwd(), exitCode: process.exitCode };
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    await perform(args);
    return { code: exitCode(), ...written };
  } finally {
    process.exitCode = before.exitCode;
    process.chdir(before.folder);
    for (const spy of spies) spy.mockRestore();
  }
}

/**
 * Runs the built command as a user does, in a process of its own. For what only a process shows: its exit code, its
 * output, what it has loaded.
 */
export function launched(folder: string, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      { cwd: folder, env: environment(), maxBuffer: 2 ** 28 },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}

/** Starts the command; `seen` waits until it wrote a text to standard error. */
export function start(folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [launcher, ...args], { cwd: folder, env: environment() });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const seen = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (!stderr.includes(text)) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
      void ended.then(() => {
        reject(new Error(`ended without '${text}': ${stderr}`));
      });
    });
  return { child, ended, seen };
}

/** A new folder with a tiny experiment in `tiny.json`, changed as given. */
export async function workplace(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-cli-'));
  await writeFile(join(folder, 'tiny.json'), JSON.stringify({ ...tiny, ...changes }));
  return folder;
}

/** Two trainings of seconds on the real data. */
export const tiny = {
  name: 'tiny',
  dataset: { id: 'mnist', validation: 5000, splitSeed: 0 },
  network: 'lenet-300-100',
  optimizer: { kind: 'adam', rate: 0.0012 },
  batchSize: 60,
  iterations: 20,
  evaluateEvery: 10,
  pruning: { criterion: 'magnitude', scope: 'layer', rate: 0.2, levels: 1 },
  trials: 1,
  seed: 1,
};

function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

// As from a shell: no npm script around it, and no wish for colours.
function environment(): NodeJS.ProcessEnv {
  const { npm_lifecycle_event: _, FORCE_COLOR: __, ...rest } = process.env;
  return rest;
}
