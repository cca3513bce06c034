import { Interrupted } from './failures.js';
import { commandLine } from './command-line.js';

/** Signals closer than this count as one: npm passes a Ctrl-C on that the terminal has sent to all processes. */
const ONE_PRESS_MILLIS = 500;

/**
 * Runs a task that Ctrl-C and SIGTERM stop cleanly; a second one stops the program at once.
 *
 * @throws Interrupted when a signal came, whatever the task made of it.
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let caught: { readonly error: Interrupted; readonly at: number } | undefined;
  const handle = (name: 'SIGINT' | 'SIGTERM') => {
    if (caught && performance.now() - caught.at > ONE_PRESS_MILLIS) process.exit(caught.error.exitCode);
    if (caught) return;
    caught = { error: new Interrupted(name, commandLine()), at: performance.now() };
    controller.abort(caught.error);
  };
  const onInterrupt = () => {
    handle('SIGINT');
  };
  const onTerminate = () => {
    handle('SIGTERM');
  };
  const throwIfCaught = () => {
    if (caught) throw caught.error;
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  try {
    const result = await task(controller.signal);
    throwIfCaught();
    return result;
  } catch (error) {
    throwIfCaught();
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  }
}
