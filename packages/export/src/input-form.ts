import type { ModelInfo } from '@winning-tickets/onnx';

/**
 * How samples enter a model:
 *
 * - `dense`: `input`, float32 `[batch, ...]`, every value written out.
 * - `sequence`: `input`, int32 `[batch, length]`, numbers of words in the order of the text.
 * - `bag`: `words`, int32, and `weights`, float32, both `[batch, length]` for any length from 1: the numbers of the words
 *   that a text has, and what they count. What weighs 0 is padding, whatever its number.
 * - `shared-bag`: `words`, int32 `[count]`, the words of a whole batch, each once; and `weights`, float32 `[batch, count]`
 *   for any count from 1: what each of them counts in each text.
 */
export type InputForm = 'dense' | 'sequence' | 'bag' | 'shared-bag';

const forms: readonly string[] = ['dense', 'sequence', 'bag', 'shared-bag'] satisfies InputForm[];

/** The form that a model's metadata name. @throws Error when there is no such form. */
export function inputFormOf({ metadata }: Pick<ModelInfo, 'metadata'>, source: string): InputForm {
  const name = metadata['tickets.inputForm'] ?? 'dense';
  if (isForm(name)) return name;
  throw new Error(
    `${source}: tickets.inputForm must be one of ${forms.join(', ')}, found ${name.slice(0, 64)}`,
  );
}

function isForm(name: string): name is InputForm {
  return forms.includes(name);
}
