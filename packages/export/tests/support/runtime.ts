import type { Tensors } from '@winning-tickets/onnx';
import { isDType, tensor } from '@winning-tickets/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Runtime } from '../../src/index.js';

/** ONNX Runtime on one CPU thread; float32 and int32 inputs, float32 outputs. */
export const runtime: Runtime = async (bytes) => {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  return async (inputs) => {
    const results = await session.run(feeds(inputs));
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => {
        if (!(data instanceof Float32Array)) throw new Error(`expected float32 in ${name}`);
        return [name, tensor('float32', dims, data)];
      }),
    );
  };
};

function feeds(inputs: Tensors): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]): [string, Tensor] => {
      if (isDType(input, 'int32')) return [name, new Tensor('int32', input.data, input.shape)];
      if (!isDType(input, 'float32')) throw new Error(`expected float32 or int32 in ${name}`);
      return [name, new Tensor('float32', input.data, input.shape)];
    }),
  );
}

/** The logits of a model for one input of any shape. */
export async function logits(
  bytes: Uint8Array,
  shape: readonly number[],
  values: Float32Array,
): Promise<Float32Array> {
  return await logitsFor(bytes, { input: tensor('float32', shape, values) });
}

/** The logits of a model for what it takes, by the names of its inputs. */
export async function logitsFor(bytes: Uint8Array, inputs: Tensors): Promise<Float32Array> {
  const run = await runtime(bytes);
  const { logits: output } = await run(inputs);
  if (!output || !isDType(output, 'float32')) throw new Error('expected float32 logits');
  return output.data;
}
