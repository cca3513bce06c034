import { sizeOf } from '@winning-tickets/onnx';

/** Channels are the first axis of a shape; compaction hooks speak of elements. */

/** Elements of one channel. */
export function channelSize([, ...axes]: readonly number[]): number {
  return sizeOf(axes);
}

/** The channels that elements belong to, ascending. */
export function channelsOf(elements: readonly number[], shape: readonly number[]): number[] {
  const size = channelSize(shape);
  return [...new Set(elements.map((element) => Math.floor(element / size)))];
}

/** All elements of some channels, ascending when these are. */
export function elementsOf(channels: readonly number[], shape: readonly number[]): number[] {
  const size = channelSize(shape);
  return channels.flatMap((channel) => Array.from({ length: size }, (_, place) => channel * size + place));
}

/** What is known of each channel: the value that all of its elements have for every sample, or NaN. */
export function channelConstants(constants: Float64Array, shape: readonly number[]): number[] {
  const size = channelSize(shape);
  return Array.from({ length: shape[0] ?? 0 }, (_, channel) => {
    const [first = NaN, ...others] = constants.subarray(channel * size, (channel + 1) * size);
    return others.every((value) => value === first) ? first : NaN;
  });
}

/** The same value for every element of a channel. */
export function spread(values: readonly number[], shape: readonly number[]): Float64Array {
  const size = channelSize(shape);
  return Float64Array.from(
    { length: sizeOf(shape) },
    (_, element) => values[Math.floor(element / size)] ?? NaN,
  );
}
