/**
 * The first key that some object of a JSON text has twice, or `undefined`. `JSON.parse` keeps the last of them in
 * silence, and another reader may keep the first.
 *
 * @param json text that `JSON.parse` accepts.
 */
export function repeatedKey(json: string): string | undefined {
  // One set of keys per open object, `undefined` per open array; a string is a key when a colon follows it.
  const open: (Set<string> | undefined)[] = [];
  for (const [token, string, colon] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")\s*(:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key = JSON.parse(string) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
