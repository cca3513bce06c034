import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { concat, constantLike, gatherElements, mul, reshape } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';

/**
 * How the training loop keeps a parameter and its slots from step to step.
 *
 * Both ways compute the same numbers, bit for bit: the optimizer works element by element.
 */
export interface Storage {
  /** The value as the loop carries it. */
  pack(builder: GraphBuilder, whole: Value): Value;
  /** The whole value, zero where masked. */
  unpack(builder: GraphBuilder, packed: Value): Value;
  /** The gradient of the whole parameter in packed form; what is masked does not come through. */
  packGradient(builder: GraphBuilder, gradient: Value): Value;
}

/** Keeps everything, and multiplies gradients by the mask where there is one. */
export function wholeStorage(mask: Value | undefined): Storage {
  return {
    pack: (_, whole) => whole,
    unpack: (_, packed) => packed,
    packGradient: (builder, gradient) => (mask ? mul(builder, gradient, mask) : gradient),
  };
}

/**
 * Keeps the surviving weights alone, so that the optimizer's ten passes and its slots cost what survives. Writing the
 * weights out for the forward pass is one more pass; it pays below about half of the weights.
 *
 * @param survivors flat indices of the surviving weights, ascending, int32 `[n]`.
 * @param places for each weight its place among the survivors, or `n` where it is masked, int32 `[size]`.
 */
export function survivorStorage({ shape }: Parameter, survivors: Value, places: Value): Storage {
  const pack = (builder: GraphBuilder, whole: Value) =>
    gatherElements(builder, reshape(builder, whole, [-1]), survivors);
  return {
    pack,
    unpack: (builder, packed) => {
      const zero = reshape(builder, constantLike(builder, packed, 0), [1]);
      return reshape(builder, gatherElements(builder, concat(builder, [packed, zero], 0), places), shape);
    },
    packGradient: pack,
  };
}
