import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A process of its own that runs a TypeScript script of this folder, and speaks in lines. */
export interface Child {
  readonly pid: number;
  /** The next line that it writes. @throws Error when it ends instead */
  line(): Promise<string>;
  /** Sends it a line. */
  send(line: string): void;
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits until it ends by itself. */
  ended(): Promise<void>;
}

const bundles = new Map<string, Promise<string>>();
const children: Child[] = [];

/**
 * Starts `<script>.ts` of this folder, bundled from the sources as they are: a stale build is never run.
 *
 * @param maxFileBlocks limits the size of the files that it can write
 */
export async function startChild(
  script: string,
  args: readonly string[],
  maxFileBlocks?: number,
): Promise<Child> {
  const bundle = bundles.get(script) ?? bundleOf(script);
  bundles.set(script, bundle);
  const node = [process.execPath, await bundle, ...args];
  const limited = ['sh', '-c', `ulimit -f ${maxFileBlocks ?? 'unlimited'}; exec "$@"`, 'sh', ...node];
  const [command = '', ...rest] = maxFileBlocks === undefined ? node : limited;
  const child = wrap(spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] }));
  children.push(child);
  return child;
}

/** Ends all that were started, also those of a test that failed. */
export async function killChildren(): Promise<void> {
  await Promise.all(children.splice(0).map((child) => child.kill()));
}

/** Deletes the bundles. */
export async function removeBundles(): Promise<void> {
  for (const bundle of bundles.values()) await rm(dirname(await bundle), { recursive: true });
  bundles.clear();
}

async function bundleOf(script: string): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: {
      noExternal: true,
      resolve: { conditions: ['@winning-tickets/source', 'node', 'import', 'default'] },
    },
    build: {
      ssr: fileURLToPath(new URL(`${script}.ts`, import.meta.url)),
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: `${script}.mjs` } },
    },
  });
  return join(outDir, `${script}.mjs`);
}

function wrap(child: ChildProcessByStdio<Writable, Readable, null>): Child {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error('the child process ended');
      return next.value;
    },
    send(line) {
      child.stdin.write(`${line}\n`);
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
    async ended() {
      await exit;
    },
  };
}
