import { suggestion } from '@winning-tickets/ticket';
import type { Encoding, EncodingOptions } from './encoding.js';

/**
 * All options of an encoding, defaults where nothing is given.
 *
 * @throws Error for an option that the encoding does not have (naming the nearest one) or a value of another type.
 */
export function resolveOptions(encoding: Encoding, given: EncodingOptions): EncodingOptions {
  const where = `encoding '${encoding.name}'`;
  const known = Object.entries(encoding.options);
  for (const [name, value] of Object.entries(given)) {
    const option = known.find(([key]) => key === name)?.[1];
    if (!option) {
      const hint = known.length === 0 ? '; it has none' : suggestion(name, Object.keys(encoding.options));
      throw new Error(`${where}: unknown option '${name}'${hint}`);
    }
    if (typeof value !== typeof option.default) {
      throw new Error(
        `${where}: option '${name}' must be a ${typeof option.default}, found ${String(value)}`,
      );
    }
  }
  const defaults = Object.fromEntries(known.map(([name, option]) => [name, option.default]));
  return { ...defaults, ...given };
}
