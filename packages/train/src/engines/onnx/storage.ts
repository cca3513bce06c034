import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import {
  add,
  cast,
  concat,
  constantLike,
  gatherElements,
  mul,
  reshape,
  size,
  sizeOf,
  tensor,
} from '@winning-tickets/onnx';

/**
 * How the training loop keeps a network's parameters, and each slot of theirs, from step to step.
 *
 * Both ways compute the same numbers, bit for bit: the optimizer works element by element.
 */
export interface Storage {
  /** One value per parameter as the values that the loop carries. */
  pack(builder: GraphBuilder, wholes: readonly Value[]): Value[];
  /** One value per parameter, zero where masked. */
  unpack(builder: GraphBuilder, packed: readonly Value[]): Value[];
  /** The gradients of the parameters in packed form; what is masked does not come through. */
  packGradients(builder: GraphBuilder, gradients: readonly Value[]): Value[];
}

/**
 * Keeps everything as it is, and multiplies gradients by the masks.
 *
 * @param masks one per parameter; undefined for those that lose nothing.
 */
export function wholeStorage(masks: readonly (Value | undefined)[]): Storage {
  return {
    pack: (_, wholes) => [...wholes],
    unpack: (_, packed) => [...packed],
    packGradients: (builder, gradients) =>
      gradients.map((gradient, index) => {
        const mask = masks[index];
        return mask ? mul(builder, gradient, mask) : gradient;
      }),
  };
}

/** A parameter as `survivorStorage` keeps it. */
export interface SurvivingPart {
  readonly shape: readonly number[];
  /** Where its weights survive; undefined for a parameter that is never pruned. */
  readonly kept:
    | {
        /** Flat indices of the surviving weights, ascending, int32 `[n]`. */
        readonly survivors: Value;
        /** For each weight its place among the survivors, or `n` where it is masked, int32 `[size]`. */
        readonly places: Value;
      }
    | undefined;
}

/**
 * Keeps the surviving weights alone, of all parameters in one vector: the optimizer's ten passes and its slots cost what
 * survives, and are ten operators instead of ten per parameter. Writing the weights out for the forward pass is one
 * more pass; it pays below about half of the weights.
 *
 * @param builder of the graph around the loop.
 */
export function survivorStorage(builder: GraphBuilder, parts: readonly SurvivingPart[]): Storage {
  const places = placesInVector(builder, parts);
  const pack = (into: GraphBuilder, wholes: readonly Value[]) => {
    const pieces = wholes.flatMap((whole, index) => {
      const flat = reshape(into, whole, [-1]);
      const kept = parts[index]?.kept;
      if (!kept) return [flat];
      // Each pruned parameter brings a zero: what is masked has its place there. Its gradient is zero, so it stays.
      const zero = reshape(into, constantLike(into, whole, 0), [1]);
      return [gatherElements(into, flat, kept.survivors), zero];
    });
    return [concat(into, pieces, 0)];
  };
  return {
    pack,
    unpack: (into, [vector]) =>
      parts.flatMap(({ shape }, index) => {
        const place = places[index];
        return vector && place ? [reshape(into, gatherElements(into, vector, place), shape)] : [];
      }),
    packGradients: pack,
  };
}

/** For each weight of each parameter its place in the vector of all survivors. */
function placesInVector(builder: GraphBuilder, parts: readonly SurvivingPart[]): Value[] {
  let offset = builder.constant(int32([0], []));
  return parts.map(({ shape, kept }) => {
    const count = sizeOf(shape);
    const own = kept?.places ?? builder.constant(int32(Array.from({ length: count }, (_, index) => index)));
    const places = add(builder, own, offset);
    const length = kept
      ? add(builder, cast(builder, size(builder, kept.survivors), 'int32'), builder.constant(int32([1], [])))
      : builder.constant(int32([count], []));
    offset = add(builder, offset, length);
    return places;
  });
}

function int32(values: readonly number[], shape: readonly number[] = [values.length]) {
  return tensor('int32', shape, Int32Array.from(values));
}
