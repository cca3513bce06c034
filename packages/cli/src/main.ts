import { CommanderError } from '@commander-js/extra-typings';
import { Interrupted, UsageError } from './failures.js';
import { createProgram } from './program.js';
import { fail, quietPipes } from './terminal.js';

/** The `tickets` command as a whole process, see {@link perform}. */
export async function main(args: readonly string[]): Promise<void> {
  quietPipes();
  await perform(args);
}

/**
 * The `tickets` command. Sets the process's exit code: 0 done, 1 failed, 2 wrong usage, 130 or 143 interrupted.
 *
 * @param args what follows the program's name
 */
export async function perform(args: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(args);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Runs and tickets name no code: what a module brought when they were made is unknown without it. */
function withModuleHint(message: string): string {
  return /unknown (network|layer kind) '/.test(message)
    ? `${message}; if it is one of your own, name its file with --module`
    : message;
}

/** Says what went wrong, unless that was done, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  fail(withModuleHint(error instanceof Error ? error.message : String(error)));
  if (error instanceof Interrupted) return error.exitCode;
  return error instanceof UsageError ? 2 : 1;
}
