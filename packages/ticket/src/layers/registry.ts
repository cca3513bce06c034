import { suggestion } from '../nearest.js';
import { dense } from './dense.js';
import { flatten } from './flatten.js';
import type { LayerDefinition } from './layer.js';
import { relu } from './relu.js';
import { sigmoid } from './sigmoid.js';
import { tanh } from './tanh.js';

/** Every kind of layer. A new one is a file of its own and a line here. */
const definitions: readonly LayerDefinition[] = [dense, flatten, relu, sigmoid, tanh];

/** The names that a layer's `kind` may have. */
export function layerKinds(): string[] {
  return definitions.map(({ kind }) => kind);
}

/** @throws Error for an unknown kind, naming the nearest known one. */
export function layerOfKind(kind: string): LayerDefinition {
  const definition = definitions.find((known) => known.kind === kind);
  if (!definition) throw new Error(`unknown layer kind '${kind}'${suggestion(kind, layerKinds())}`);
  return definition;
}
