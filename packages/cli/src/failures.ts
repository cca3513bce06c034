/** Options that do not go together: exit code 2. */
export class UsageError extends Error {}

/** The user stopped the program. */
export class Interrupted extends Error {
  /** 128 and the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM', goOn: string) {
    super(`stopped; to go on, run again: ${goOn}`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** An error's message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system error (`ENOENT`). */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
