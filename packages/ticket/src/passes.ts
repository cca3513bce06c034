import type { Tensor } from '@winning-tickets/onnx';
import type { LayerSpec } from './layers/layer-spec.js';
import { layerOfKind } from './layers/registry.js';
import type { Layout, Step } from './layout.js';
import { contextAt, flatSites, inputKeepsShape, siteOf, tiedElements } from './layout.js';
import type { Network, ResolvedLayer } from './network.js';
import { ownName, resolveNetwork } from './network.js';

/** What is kept at every site of a layout, ascending. */
export type KeptElements = readonly (readonly number[])[];

/**
 * What varies and is used: backward from the outputs, which all stay. What is tied to something kept is kept with it,
 * and as ties reach forward too, the pass goes round until it adds nothing.
 */
export function usedElements(layout: Layout): KeptElements {
  const { sites, steps } = layout;
  const tied = tiedElements(layout);
  const keptAt = (site: number): number[] => {
    const { offset, constants } = siteOf(sites, site);
    return Array.from(constants.keys()).filter((element) => tied.isKept(offset + element));
  };
  const keepAll = (site: number) => {
    const { offset, constants } = siteOf(sites, site);
    constants.forEach((_, element) => {
      tied.keep(offset + element);
    });
  };
  keepAll(sites.length - 1);
  if (inputKeepsShape(layout)) keepAll(0);
  for (const step of steps) if (staysWhole(step)) [...step.from, step.to].forEach(keepAll);

  const keepNeeded = () => {
    for (const step of steps.toReversed()) {
      if (!step.compaction) continue;
      const { offset } = siteOf(sites, step.from[0] ?? 0);
      const needed = step.compaction.keptInputs(keptAt(step.to), contextAt(layout, step));
      for (const element of needed) tied.keep(offset + element);
    }
  };
  let changes: number;
  do {
    changes = tied.changes();
    keepNeeded();
    // ONNX has no use for empty tensors: where nothing would be left, the first element stays, which changes nothing.
    // The last such site first, because what its element needs may fill the others.
    const empty = sites.findLast((_, site) => tied.changes() === changes && keptAt(site).length === 0);
    if (empty) tied.keep(empty.offset);
  } while (tied.changes() > changes);
  return sites.map((_, site) => keptAt(site));
}

// Without hooks nothing is known of what a layer does.
function staysWhole({ compaction, layer }: Step): boolean {
  return !compaction && !layerOfKind(layer.kind).branches;
}

/** A network over kept elements alone, with its parameters and buffers by name. */
export interface Rebuilt {
  readonly network: Network;
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
}

/**
 * Every layer over what is kept of its input and output. The network takes its whole input where some layer meets that
 * in its shape, and else a flat list of what is kept of it.
 */
export function rebuild(layout: Layout, kept: KeptElements): Rebuilt {
  const { network, steps } = layout;
  const flat = flatSites(layout);
  const byLayer = new Map(steps.map((step) => [step.layer.name, step]));
  const parameters: Record<string, Tensor<'float32'>> = {};
  const rebuiltLayer = (layer: ResolvedLayer): LayerSpec[] => {
    const name = ownName(layer);
    const { branches } = layerOfKind(layer.kind);
    if (branches) {
      const lists = layer.branches.map((inner) => inner.flatMap(rebuiltLayer));
      return [{ kind: layer.kind, name, ...branches.withLists(layer.options, lists) }];
    }
    const step = byLayer.get(layer.name);
    if (!step) throw new Error(`layer '${layer.name}' is not laid out`);
    const compacted = rebuiltStep(layout, step, kept, flat);
    if (!compacted) return [];
    for (const [own, values] of Object.entries(compacted.parameters)) {
      parameters[`${layer.name}.${own}`] = values;
    }
    return [{ kind: layer.kind, name, ...compacted.options }];
  };
  const layers = network.layers.flatMap(rebuiltLayer);
  const input = inputKeepsShape(layout) ? network.inputShape : [kept[0]?.length ?? 0];
  return { network: resolveNetwork({ name: network.spec.name, input, layers }), parameters };
}

function rebuiltStep(layout: Layout, step: Step, kept: KeptElements, flat: ReadonlySet<number>) {
  const context = contextAt(layout, step);
  if (!step.compaction) return { options: step.layer.options, parameters: context.parameters };
  const [input = 0] = step.from;
  const around = { inputs: kept[input] ?? [], outputs: kept[step.to] ?? [], flatInput: flat.has(input) };
  return step.compaction.rebuild(around, context);
}
