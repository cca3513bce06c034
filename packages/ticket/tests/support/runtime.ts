import type { Tensors } from '@winning-tickets/onnx';
import { GraphBuilder, IR_VERSION, OPSET, encodeModel } from '@winning-tickets/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Network } from '../../src/index.js';
import { forward } from '../../src/index.js';

/** A network's outputs for some samples, one after the other, computed by ONNX Runtime in float32. */
export async function run(
  network: Network,
  parameters: Tensors,
  samples: readonly (readonly number[])[],
): Promise<number[]> {
  const session = await InferenceSession.create(encodeNetwork(network, parameters), { intraOpNumThreads: 1 });
  const shape = [samples.length, ...network.inputShape];
  const { logits } = await session.run({
    input:
      network.inputDType === 'int32'
        ? new Tensor('int32', Int32Array.from(samples.flat()), shape)
        : new Tensor('float32', Float32Array.from(samples.flat()), shape),
  });
  await session.release();
  if (!(logits?.data instanceof Float32Array)) throw new Error('expected float32 logits');
  return [...logits.data];
}

function encodeNetwork(network: Network, parameters: Tensors): Uint8Array {
  const builder = new GraphBuilder(network.spec.name);
  const input = builder.input('input', network.inputDType, ['batch', ...network.inputShape]);
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, builder.initializer(name, values)]),
  );
  builder.output(forward(builder, network, input, values), 'logits');
  const graph = builder.build();
  const producer = { name: 'tests', version: '0' };
  return encodeModel({ graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION });
}
