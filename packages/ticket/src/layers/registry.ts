import { suggestion } from '../nearest.js';
import { avgpool } from './avgpool.js';
import { batchnorm } from './batchnorm.js';
import { conv1d } from './conv1d.js';
import { conv2d } from './conv2d.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { flatten } from './flatten.js';
import { gelu } from './gelu.js';
import { globalavgpool } from './globalavgpool.js';
import { globalmaxpool } from './globalmaxpool.js';
import type { LayerDefinition } from './layer.js';
import { maxpool } from './maxpool.js';
import { parallel } from './parallel.js';
import { relu } from './relu.js';
import { reshape } from './reshape.js';
import { residual } from './residual.js';
import { sigmoid } from './sigmoid.js';
import { tanh } from './tanh.js';

/** Every kind of layer. A new one is a file of its own and a line here. */
const definitions: LayerDefinition[] = [
  avgpool,
  batchnorm,
  conv1d,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  gelu,
  globalavgpool,
  globalmaxpool,
  maxpool,
  parallel,
  relu,
  reshape,
  residual,
  sigmoid,
  tanh,
];

/**
 * Makes a kind of layer of one's own known, under a name that no other has; again is no harm.
 *
 * @throws Error when another kind has the name.
 */
export function registerLayer(definition: LayerDefinition): void {
  const known = definitions.find(({ kind }) => kind === definition.kind);
  if (known && known !== definition) throw new Error(`there is a layer kind '${definition.kind}' already`);
  if (!known) definitions.push(definition);
}

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
