import type { Tensor } from '@winning-tickets/onnx';
import { sizeOf } from '@winning-tickets/onnx';
import type { Compaction, CompactionContext, Tie } from './layers/layer.js';
import { layerOfKind } from './layers/registry.js';
import { channelSize } from './layers/shared/channels.js';
import type { Network, ResolvedLayer } from './network.js';
import { ofLayer } from './network.js';
import type { Ties } from './ties.js';
import { ties } from './ties.js';

type Options = Readonly<Record<string, unknown>>;

/** A place between layers: the network's input, or what a layer gives. Its elements are numbered row-major. */
export interface Site {
  readonly shape: readonly number[];
  /** What is known of each element: its value where it is the same for every sample, NaN where it varies. */
  readonly constants: Float64Array;
  /** Number of the first element among those of all sites. */
  readonly offset: number;
}

/** One application of a layer, or of the join that ends a layer with layers inside. */
export interface Step {
  readonly layer: ResolvedLayer;
  /** Sites; one, but for a join. */
  readonly from: readonly number[];
  readonly to: number;
  /** Undefined for a join, and for a layer without hooks, around which everything stays. */
  readonly compaction: Compaction<Options> | undefined;
}

/** A network laid out as sites and steps between them, in topological order; site 0 is the input, the last the output. */
export interface Layout {
  readonly network: Network;
  /** Parameters and buffers of all layers. */
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>;
  readonly sites: readonly Site[];
  readonly steps: readonly Step[];
}

/**
 * Lays a network out and works out, layer by layer, which elements are the same for every sample.
 *
 * @param parameters of all layers, buffers included.
 * @param inputConstants what is known of each input element, NaN where it varies.
 * @param known what of a layer's constants the next layers may count on; all of them when left out.
 */
export function layOut(
  network: Network,
  parameters: Readonly<Record<string, Tensor<'float32'>>>,
  inputConstants: Float64Array,
  known: (constant: number) => number = (constant) => constant,
): Layout {
  const sites: Site[] = [];
  const steps: Step[] = [];
  const addSite = (shape: readonly number[], constants: Float64Array): number => {
    const last = sites.at(-1);
    return sites.push({ shape, constants, offset: last ? last.offset + last.constants.length : 0 }) - 1;
  };
  const through = (layers: readonly ResolvedLayer[], start: number): number =>
    layers.reduce((site, layer) => {
      const { branches, compaction } = layerOfKind(layer.kind);
      const from = branches ? layer.branches.map((inner) => through(inner, site)) : [site];
      const constants = from.map((one) => siteOf(sites, one).constants);
      const found = branches
        ? joined(constants, branches.join)
        : compaction?.constants(contextOf(layer, parameters, constants[0]));
      const unknown = new Float64Array(sizeOf(layer.outputShape)).fill(NaN);
      const to = addSite(layer.outputShape, found ? Float64Array.from(found, known) : unknown);
      steps.push({ layer, from, to, compaction: branches ? undefined : compaction });
      return to;
    }, start);
  through(network.layers, addSite(network.inputShape, inputConstants));
  return { network, parameters, sites, steps };
}

/** What the hooks of a step's layer get. */
export function contextAt({ parameters, sites }: Layout, { layer, from: [input = 0] }: Step) {
  return contextOf(layer, parameters, siteOf(sites, input).constants);
}

function contextOf(
  layer: ResolvedLayer,
  parameters: Layout['parameters'],
  inputConstants: Float64Array = new Float64Array(0),
): CompactionContext<Options> {
  const { options, inputShape, outputShape } = layer;
  return { options, inputShape, outputShape, parameters: ofLayer(layer, parameters), inputConstants };
}

export function siteOf(sites: readonly Site[], index: number): Site {
  const site = sites[index];
  if (!site) throw new Error(`the layout has no site ${index}`);
  return site;
}

function joined(branches: readonly Float64Array[], join: 'add' | 'concat'): Float64Array {
  if (join === 'concat') return Float64Array.from(branches.flatMap((branch) => [...branch]));
  const [first = new Float64Array(0), ...others] = branches;
  return first.map((value, element) => others.reduce((sum, other) => sum + (other[element] ?? NaN), value));
}

/** The elements of all sites, tied as the layers between them tie them. */
export function tiedElements(layout: Layout): Ties {
  const { sites, steps } = layout;
  const last = siteOf(sites, sites.length - 1);
  const tied = ties(last.offset + last.constants.length);
  for (const step of steps) {
    const to = siteOf(sites, step.to);
    const from = step.from.map((site) => siteOf(sites, site));
    const join = layerOfKind(step.layer.kind).branches?.join;
    if (join) tieJoin(tied, from, to, join);
    else if (step.compaction && from[0]) tieLayer(tied, from[0], to, step.compaction.ties(step.layer));
  }
  return tied;
}

function tieJoin(tied: Ties, from: readonly Site[], to: Site, join: 'add' | 'concat'): void {
  let start = 0;
  for (const { offset, constants } of from) {
    constants.forEach((_, element) => {
      tied.tie(offset + element, to.offset + start + element);
    });
    if (join === 'concat') start += constants.length;
  }
}

function tieLayer(tied: Ties, from: Site, to: Site, how: Tie): void {
  const within = (site: Site, channel: number) => {
    site.constants.forEach((_, element) => {
      tied.tie(site.offset + element, site.offset + element - (element % channel));
    });
  };
  switch (how) {
    case 'nothing':
      return;
    case 'elements':
      from.constants.forEach((_, element) => {
        tied.tie(from.offset + element, to.offset + element);
      });
      return;
    case 'all':
      within(from, from.constants.length);
      within(to, to.constants.length);
      tied.tie(from.offset, to.offset);
      return;
    case 'outputs-within-channels':
      within(to, channelSize(to.shape));
      return;
    case 'within-channels':
    case 'channels':
      within(from, channelSize(from.shape));
      within(to, channelSize(to.shape));
  }
  const [channels = 0] = from.shape;
  for (let channel = 0; how === 'channels' && channel < channels; channel++) {
    tied.tie(from.offset + channel * channelSize(from.shape), to.offset + channel * channelSize(to.shape));
  }
}

/**
 * Whether some layer meets the input in its shape. A flat list of live elements has none, so that such an input is
 * taken whole.
 */
export function inputKeepsShape({ network, sites, steps }: Layout): boolean {
  if (network.inputShape.length === 1) return false;
  const asGiven = new Set([0]);
  for (const { compaction, from, to, layer } of steps) {
    const reads = from.some((site) => asGiven.has(site));
    if (!reads) continue;
    if (compaction?.ties(layer) !== 'elements' && !layerOfKind(layer.kind).branches) return true;
    if (siteOf(sites, to).shape.length > 1) asGiven.add(to);
  }
  return false;
}

/** The sites whose elements come as a flat list once the network takes one: from the input on, as far as it has a shape. */
export function flatSites(layout: Layout): ReadonlySet<number> {
  if (inputKeepsShape(layout) || layout.network.inputShape.length === 1) return new Set();
  const flat = new Set([0]);
  for (const { compaction, layer, from, to } of layout.steps) {
    if (compaction?.ties(layer) === 'elements' && from.some((site) => flat.has(site))) flat.add(to);
  }
  return flat;
}
