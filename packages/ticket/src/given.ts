/** The entry of a record under a name that it is known to have. @throws Error when it has not. */
export function given<T>(record: Readonly<Record<string, T>>, name: string): T {
  const entry = Object.hasOwn(record, name) ? record[name] : undefined;
  if (entry === undefined) throw new Error(`'${name}' is missing; found ${Object.keys(record).join(', ')}`);
  return entry;
}
