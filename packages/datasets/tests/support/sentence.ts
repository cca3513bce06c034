import { expect } from 'vitest';

/** The error's message, after checking that it is one line. */
export async function messageOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    expect(message).toMatch(/[.?)]$/);
    return message;
  }
  throw new Error('expected an error, found none');
}
