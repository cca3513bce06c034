/** Does the same task `count` times at once. The first that fails stops the others, which save their work. */
export async function sideBySide(
  count: number,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const settled = await Promise.allSettled(
    Array.from({ length: count }, () =>
      task(either).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
