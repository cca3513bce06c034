import type { Tensor } from '@winning-tickets/onnx';
import { gemm, shapeText, tensor, zeros } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { CompactionContext, Kept, LayerDefinition } from './layer.js';
import { given } from '../given.js';

const options = z.strictObject({
  /** Number of outputs. */
  units: z.int().min(1),
});

type Options = z.output<typeof options>;

/**
 * A fully connected layer: `x · weight + bias`, from `[in]` to `[units]`.
 *
 * Parameters: `weight` `[in, units]`, Gaussian Glorot initialisation; `bias` `[units]`, zero, never pruned.
 */
export const dense: LayerDefinition<typeof options> = {
  kind: 'dense',
  prefix: 'fc',
  options,
  outputShape({ units }, inputShape) {
    if (inputShape.length !== 1) {
      throw new Error(
        `expects one dimension of features, found shape ${shapeText(inputShape)}; add a flatten layer before it`,
      );
    }
    return [units];
  },
  parameters({ units }, [inputs = 0]) {
    const fan = { fanIn: inputs, fanOut: units };
    return [
      { name: 'weight', shape: [inputs, units], ...fan, initial: 'glorot-normal', prunable: true },
      { name: 'bias', shape: [units], ...fan, initial: 'zeros', prunable: false },
    ];
  },
  forward: (builder, input, { parameters }) =>
    gemm(builder, input, given(parameters, 'weight'), given(parameters, 'bias')),
  outputAxis: 1,
  compaction: { ties: () => 'nothing', constants, keptInputs, rebuild },
};

// A unit is constant when every input that reaches it is: its bias plus constants times weights.
function constants({
  options: { units },
  parameters,
  inputConstants,
}: CompactionContext<Options>): Float64Array {
  const weight = given(parameters, 'weight').data;
  const values = Float64Array.from(given(parameters, 'bias').data);
  inputConstants.forEach((constant, input) => {
    const row = weight.subarray(input * units, (input + 1) * units);
    row.forEach((w, unit) => {
      if (w !== 0) values[unit] = (values[unit] ?? NaN) + constant * w;
    });
  });
  // A constant that is not finite is left for the runtime to compute.
  return values.map((value) => (Number.isFinite(value) ? value : NaN));
}

function keptInputs(keptOutputs: readonly number[], context: CompactionContext<Options>): number[] {
  const { units } = context.options;
  const weight = given(context.parameters, 'weight').data;
  const kept: number[] = [];
  context.inputConstants.forEach((constant, input) => {
    const used = keptOutputs.some((unit) => weight[input * units + unit] !== 0);
    if (used && Number.isNaN(constant)) kept.push(input);
  });
  return kept;
}

function rebuild(kept: Kept, context: CompactionContext<Options>) {
  const bias = foldedBias(kept, context);
  const weight = keptWeight(kept, context);
  return { options: { units: bias.data.length }, parameters: { weight, bias } };
}

// The kept rows and columns.
function keptWeight({ inputs, outputs }: Kept, context: CompactionContext<Options>): Tensor<'float32'> {
  const { units } = context.options;
  const weight = given(context.parameters, 'weight').data;
  const small = zeros('float32', [inputs.length, outputs.length]);
  inputs.forEach((input, row) => {
    outputs.forEach((unit, column) => {
      small.data[row * outputs.length + column] = weight[input * units + unit] ?? 0;
    });
  });
  return small;
}

// The bias of the kept units with the contributions of constant inputs that are gone, summed in double precision.
function foldedBias({ inputs, outputs }: Kept, context: CompactionContext<Options>): Tensor<'float32'> {
  const { parameters, inputConstants, options } = context;
  const weight = given(parameters, 'weight').data;
  const bias = given(parameters, 'bias').data;
  const stays = new Set(inputs);
  const folded = outputs.map((unit) =>
    inputConstants.reduce((sum, constant, input) => {
      const w = weight[input * options.units + unit] ?? 0;
      return Number.isNaN(constant) || w === 0 || stays.has(input) ? sum : sum + constant * w;
    }, bias[unit] ?? 0),
  );
  return tensor('float32', [folded.length], Float32Array.from(folded));
}
