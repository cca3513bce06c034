import { type Tensor, type Tensors, isDType, shapeText, tensor } from '@winning-tickets/onnx';
import { type Mask, type Masks, type Network, survivors } from '@winning-tickets/ticket';
import type { PruningSpec } from '../experiment.js';
import { type PruningGroup, pruningGroups, survivorsAfterRound } from './ladder.js';
import { selectLargest } from './select.js';

/** What magnitude pruning looks at. */
export interface MagnitudePruning {
  /** Weights at the end of training, float32, by parameter name. */
  readonly trained: Tensors;
  /** The masks they were trained with: one per prunable parameter. */
  readonly masks: Masks;
  readonly network: Network;
  readonly pruning: PruningSpec;
}

/**
 * One round of magnitude pruning (Han et al. 2015; Frankle & Carbin 2019): of each group's surviving weights the given
 * share with the smallest magnitudes is masked. Exactly the ladder's counts survive; of equal magnitudes the weight
 * that comes first survives (parameters in the network's order, elements row-major). What is pruned stays pruned.
 *
 * @throws Error when a surviving weight is not finite, naming it.
 */
export function pruneMagnitude({ trained, masks, network, pruning }: MagnitudePruning): Masks {
  const groups = pruningGroups(network, pruning);
  return pruneGroups(trained, masks, groups, (group) =>
    survivorsAfterRound(survivorsOf(group, masks), group.rate),
  );
}

/**
 * Magnitude pruning straight to given counts.
 *
 * @param counts surviving weights of each pruning group, as in a `LadderLevel`
 * @throws Error when a surviving weight is not finite, naming it.
 * @throws RangeError when a group has fewer surviving weights than its count.
 */
export function pruneMagnitudeTo(
  { trained, masks, network, pruning }: MagnitudePruning,
  counts: Readonly<Record<string, number>>,
): Masks {
  return pruneGroups(
    trained,
    masks,
    pruningGroups(network, pruning),
    (group) => counts[group.name] ?? group.size,
  );
}

function pruneGroups(
  trained: Tensors,
  masks: Masks,
  groups: readonly PruningGroup[],
  keep: (group: PruningGroup) => number,
): Masks {
  return Object.fromEntries(groups.flatMap((group) => pruneGroup(trained, masks, group, keep(group))));
}

/** Masks all but the `keep` largest of a group's surviving weights. */
function pruneGroup(trained: Tensors, masks: Masks, group: PruningGroup, keep: number): [string, Mask][] {
  const magnitudes = new Float32Array(survivorsOf(group, masks));
  let next = 0;
  for (const name of group.parameters) {
    const mask = maskOf(masks, name);
    const weights = weightsOf(trained, name, mask);
    for (let index = 0; index < mask.data.length; index++) {
      if (mask.data[index] === 0) continue;
      const magnitude = Math.abs(weights.data[index] ?? NaN);
      if (!Number.isFinite(magnitude)) throw new Error(notFinite(name, index));
      magnitudes[next++] = magnitude;
    }
  }

  const selected = selectLargest(magnitudes, keep);
  next = 0;
  return group.parameters.map((name) => {
    const mask = maskOf(masks, name);
    const data = mask.data.map((kept) => (kept === 0 ? 0 : (selected[next++] ?? 0)));
    return [name, tensor('uint8', mask.shape, data)];
  });
}

function survivorsOf(group: PruningGroup, masks: Masks): number {
  return group.parameters.reduce((sum, name) => sum + survivors(maskOf(masks, name)), 0);
}

function maskOf(masks: Masks, name: string): Mask {
  const mask = masks[name];
  if (!mask) throw new Error(`pruning needs a mask of ${name}, which is prunable; found none`);
  return mask;
}

function weightsOf(trained: Tensors, name: string, mask: Mask): Tensor<'float32'> {
  const weights = trained[name];
  if (!weights || !isDType(weights, 'float32')) {
    throw new Error(
      `pruning needs the trained weights of ${name} as float32, found ${weights?.dtype ?? 'none'}`,
    );
  }
  if (shapeText(weights.shape) !== shapeText(mask.shape)) {
    throw new Error(
      `the mask of ${name} must have the shape of its weights, ${shapeText(weights.shape)}, ` +
        `found ${shapeText(mask.shape)}`,
    );
  }
  return weights;
}

function notFinite(name: string, index: number): string {
  return (
    `cannot prune by magnitude: element ${index} of ${name} is not a finite number after training; ` +
    'the training diverged, try a lower learning rate'
  );
}
