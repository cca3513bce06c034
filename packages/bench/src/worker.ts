import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program of this package in a process of its own, with a task as its argument, until it has sent its answer.
 *
 * @param receive takes each message; what it returns other than undefined is the answer
 * @param signal ends the process, and its reason is thrown
 * @throws Error in one sentence when the package is not built or the process ends without an answer
 */
export async function askWorker<Answer>(
  program: string,
  task: unknown,
  receive: (reply: unknown) => Answer | undefined,
  signal?: AbortSignal,
): Promise<Answer> {
  // The same file from `dist/` and, when tests run the sources, from `src/`.
  const file = fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url));
  if (!existsSync(file)) {
    throw new Error(`${file} is missing: this is measured in a built process, run the build first.`);
  }
  try {
    return await new Promise((resolve, reject) => {
      const worker = fork(file, [JSON.stringify(task)], {
        // Garbage is collected before memory is read; nothing else of this process's own flags.
        execArgv: ['--expose-gc'],
        ...(signal && { signal }),
      });
      let answer: Answer | undefined;
      // The process waits for the hanging up before it ends, so that its answer cannot be lost with it.
      worker.on('message', (message) => {
        answer = receive(message);
        if (answer !== undefined) worker.disconnect();
      });
      worker.once('error', reject);
      worker.once('exit', (code, exitSignal) => {
        if (answer !== undefined) resolve(answer);
        const how = exitSignal ?? `exit code ${code ?? 'unknown'}`;
        reject(new Error(`the process ${program} ended without an answer (${how}).`));
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
