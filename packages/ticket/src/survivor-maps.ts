import { sizeOf } from '@winning-tickets/onnx';
import { given } from './given.js';
import type { Mask, Masks } from './mask.js';
import { type Network, type ResolvedLayer, withInner } from './network.js';

/** Where in a layer weights survive, cell by cell. */
export interface SurvivorMap {
  /** The layer's name. */
  readonly layer: string;
  /**
   * What a cell is: a pixel of the input image, with all weights that lead away from it; or a kernel, that from the channel
   * of its row to the filter of its column.
   */
  readonly cells: 'pixels' | 'kernels';
  readonly rows: number;
  readonly columns: number;
  /** Weights of a cell in the whole network. */
  readonly weights: number;
  /** Weights of each cell that survive, row by row: `rows · columns` numbers. */
  readonly survivors: readonly number[];
}

/** Convolutions that are mapped: what later ones look at are no longer parts of the image. */
const mostConvolutions = 2;

/**
 * Where weights survive in the layers that can be looked at: the first dense layer where it sees the pixels of an image, and
 * the first two convolutions.
 *
 * @param masks by parameter name, as a ticket of the network has them.
 * @throws Error when a mask of such a layer is missing.
 */
export function survivorMaps(network: Network, masks: Masks): SurvivorMap[] {
  const layers = network.layers
    .flatMap(withInner)
    .filter(({ parameters }) => parameters.some(({ prunable }) => prunable));
  const maskOf = ({ name }: ResolvedLayer) => given(masks, `${name}.weight`);
  const [first] = layers;
  const pixels = first?.kind === 'dense' && seesPixels(first, network) ? [first] : [];
  const convolutions = layers
    .filter(({ kind }) => kind === 'conv1d' || kind === 'conv2d')
    .slice(0, mostConvolutions);
  return [
    ...pixels.map((layer) => pixelMap(layer.name, maskOf(layer), network.inputShape)),
    ...convolutions.map((layer) => kernelMap(layer.name, maskOf(layer))),
  ];
}

function seesPixels({ inputShape }: ResolvedLayer, network: Network): boolean {
  const { length } = network.inputShape;
  const isImage = network.inputDType === 'float32' && (length === 2 || length === 3);
  return isImage && sizeOf(inputShape) === sizeOf(network.inputShape);
}

/** @param mask `[channels · rows · columns, units]` */
function pixelMap(layer: string, { data, shape }: Mask, image: readonly number[]): SurvivorMap {
  const [rows = 0, columns = 0] = image.slice(-2);
  const [inputs = 0, units = 0] = shape;
  const survivors = new Array<number>(rows * columns).fill(0);
  data.forEach((bit, index) => {
    const pixel = Math.floor(index / units) % survivors.length;
    survivors[pixel] = (survivors[pixel] ?? 0) + bit;
  });
  const weights = (inputs / survivors.length) * units;
  return { layer, cells: 'pixels', rows, columns, weights, survivors };
}

/** @param mask `[filters, channels, ...kernel]` */
function kernelMap(layer: string, { data, shape }: Mask): SurvivorMap {
  const [filters = 0, channels = 0, ...kernel] = shape;
  const weights = sizeOf(kernel);
  const survivors = new Array<number>(channels * filters).fill(0);
  data.forEach((bit, index) => {
    const place = Math.floor(index / weights);
    const cell = (place % channels) * filters + Math.floor(place / channels);
    survivors[cell] = (survivors[cell] ?? 0) + bit;
  });
  return { layer, cells: 'kernels', rows: channels, columns: filters, weights, survivors };
}
