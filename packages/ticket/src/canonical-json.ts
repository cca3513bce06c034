/**
 * A value as JSON text with sorted keys and no spaces: equal values give equal text, so the text can be hashed.
 *
 * Keys are sorted by UTF-16 code unit. Properties that are `undefined` are left out, as JSON has it.
 *
 * @throws Error for what JSON cannot hold or would change silently: NaN, infinities, `undefined` in an array,
 *   functions, symbols, big integers, objects of a class; the message names the place.
 */
export function canonicalJson(value: unknown): string {
  return text(value, '');
}

function text(value: unknown, path: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((entry: unknown, index) => text(entry, `${path}[${index}]`)).join(',')}]`;
  }
  if (isPlainObject(value)) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${text(entry, path === '' ? key : `${path}.${key}`)}`);
    return `{${entries.join(',')}}`;
  }
  const found =
    typeof value === 'number' || value === undefined ? `${value}` : `a value of type ${typeof value}`;
  throw new Error(`JSON cannot hold ${path === '' ? 'the value' : `'${path}'`}: found ${found}`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
