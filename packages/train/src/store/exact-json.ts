/**
 * JSON that keeps every number: those that JSON cannot hold become `{ "$number": "NaN" }`, so that a training
 * resumed before its first evaluation still has its infinite best loss.
 */
export function exactStringify(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0))
      ? { $number: Object.is(item, -0) ? '-0' : String(item) }
      : item,
  );
}

/** Reads what `exactStringify` wrote. @throws SyntaxError when the text is not JSON */
export function exactParse(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && '$number' in item ? Number(item.$number) : item,
  ) as unknown;
}
