import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import {
  add,
  cast,
  concat,
  constantLike,
  div,
  expand,
  gather,
  gatherElements,
  int64,
  mod,
  mul,
  range,
  reshape,
  scatterElements,
  size,
  sizeOf,
  tensor,
} from '@winning-tickets/onnx';
import type { Gradient } from '../../optimizers/gradient.js';
import { rowGradient, wholeGradient } from '../../optimizers/gradient.js';

/**
 * Of one parameter the rows alone that a batch needs: it is unpacked as these, and its gradient comes as theirs. That of
 * all other rows is zero.
 */
export interface BatchRows {
  /** Which parameter, by its number. */
  readonly parameter: number;
  /** Which rows, int32 `[n]`, each once. */
  readonly rows: Value;
}

/**
 * How the training loop keeps a network's parameters, and each slot of theirs, from step to step.
 *
 * Both ways compute the same numbers, bit for bit: the optimizer works element by element.
 */
export interface Storage {
  /** One value per parameter as the values that the loop carries. */
  pack(builder: GraphBuilder, wholes: readonly Value[]): Value[];
  /** One value per parameter, zero where masked. */
  unpack(builder: GraphBuilder, packed: readonly Value[], batch?: BatchRows): Value[];
  /** The gradients of the parameters in packed form; what is masked does not come through. */
  packGradients(builder: GraphBuilder, gradients: readonly Value[], batch?: BatchRows): Gradient[];
  /**
   * A factor per parameter, as what packed values can be multiplied by: scalars, or a vector as long as they are. Undefined
   * where the factor is 1.
   *
   * @param builder of the graph around the loop.
   * @param like has their dtype.
   */
  packFactors(builder: GraphBuilder, factors: readonly number[], like: Value): (Value | undefined)[];
}

/**
 * Keeps everything as it is, and multiplies gradients by the masks.
 *
 * @param masks one per parameter; undefined for those that lose nothing.
 */
export function wholeStorage(masks: readonly (Value | undefined)[]): Storage {
  const rowsOf = (batch: BatchRows | undefined, index: number) =>
    batch?.parameter === index ? batch.rows : undefined;
  return {
    pack: (_, wholes) => [...wholes],
    unpack: (builder, packed, batch) =>
      packed.map((value, index) => {
        const rows = rowsOf(batch, index);
        return rows ? gather(builder, value, rows) : value;
      }),
    packGradients: (builder, gradients, batch) =>
      gradients.map((gradient, index) => {
        const rows = rowsOf(batch, index);
        const mask = masks[index];
        const met = mask && rows ? gather(builder, mask, rows) : mask;
        const masked = met ? mul(builder, gradient, met) : gradient;
        return rows ? rowGradient(masked, columnOf(builder, rows)) : wholeGradient(masked);
      }),
    packFactors: (builder, factors, like) =>
      factors.map((factor) => (factor === 1 ? undefined : constantLike(builder, like, factor))),
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
 * @param byRows the parameter that batches need rows of, by its number, if there is one.
 */
export function survivorStorage(
  builder: GraphBuilder,
  parts: readonly SurvivingPart[],
  byRows?: number,
): Storage {
  const places = placesInVector(builder, parts);
  const rowPart = byRows === undefined ? undefined : parts[byRows];
  const inRows = rowPart?.kept && survivorsInRows(builder, rowPart.shape, rowPart.kept.survivors);
  // Each pruned parameter brings a zero: what is masked has its place there. Its gradient is zero, so it stays.
  const withZero = (into: GraphBuilder, values: Value) => [
    values,
    reshape(into, constantLike(into, values, 0), [1]),
  ];
  const pack = (into: GraphBuilder, wholes: readonly Value[], batch?: BatchRows): Value =>
    concat(
      into,
      wholes.flatMap((whole, index) => {
        const part = parts[index];
        if (!part?.kept) return [reshape(into, whole, [-1])];
        const values =
          batch?.parameter === index && inRows
            ? inRows(into, whole, batch.rows)
            : gatherElements(into, reshape(into, whole, [-1]), part.kept.survivors);
        return withZero(into, values);
      }),
      0,
    );
  return {
    pack: (into, wholes) => [pack(into, wholes)],
    unpack: (into, [vector], batch) =>
      parts.flatMap(({ shape }, index) => {
        const place = places[index];
        if (!vector || !place) return [];
        if (batch?.parameter !== index) return [reshape(into, gatherElements(into, vector, place), shape)];
        const placesOfRows = gather(into, reshape(into, place, shape), batch.rows);
        const picked = gatherElements(into, vector, reshape(into, placesOfRows, [-1]));
        return [reshape(into, picked, [-1, ...shape.slice(1)])];
      }),
    packGradients: (into, gradients, batch) => [wholeGradient(pack(into, gradients, batch))],
    packFactors: (into, factors, like) => {
      if (factors.every((factor) => factor === 1)) return [undefined];
      const wholes = parts.map(({ shape }, index) =>
        expand(into, constantLike(into, like, factors[index] ?? 1), into.constant(int64(shape)), shape),
      );
      return [pack(into, wholes)];
    },
  };
}

/**
 * Of a parameter's surviving weights, `[survivors]`, what some rows of the parameter have for them: a function of those
 * rows, `[n, ...]`, and of which ones they are, int32 `[n]`. It is zero for weights in other rows.
 *
 * @param builder of the graph around the loop.
 */
function survivorsInRows(
  builder: GraphBuilder,
  [height = 0, ...rest]: readonly number[],
  survivors: Value,
): (into: GraphBuilder, values: Value, rows: Value) => Value {
  const width = builder.constant(int32([sizeOf(rest)], []));
  const ownRows = div(builder, survivors, width);
  const ownColumns = mod(builder, survivors, width);
  return (into, values, rows) => {
    // For each row of the parameter where it is among these; for all others, behind them, where zeros are.
    const count = size(into, rows);
    const behind = expand(into, cast(into, count, 'int32'), into.constant(int64([height])), [height]);
    const numbers = cast(into, range(into, count, rows.shape[0] ?? 0), 'int32');
    const rowAt = gatherElements(into, scatterElements(into, behind, rows, numbers), ownRows);
    const zeros = expand(into, constantLike(into, values, 0), into.constant(int64([sizeOf(rest)])), [
      sizeOf(rest),
    ]);
    const flat = concat(into, [reshape(into, values, [-1]), zeros], 0);
    return gatherElements(into, flat, add(into, mul(into, rowAt, width), ownColumns));
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

/** Indices of whole rows as `scatterND` takes them, int64 `[n, 1]`. */
function columnOf(builder: GraphBuilder, rows: Value): Value {
  return reshape(builder, cast(builder, rows, 'int64'), [-1, 1]);
}

function int32(values: readonly number[], shape: readonly number[] = [values.length]) {
  return tensor('int32', shape, Int32Array.from(values));
}
