import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '@winning-tickets/onnx';
import { encodeModel, GraphBuilder, IR_VERSION, OPSET } from '@winning-tickets/onnx';
import type { ModelFile, ModelInput } from './model-file.js';

/**
 * A model that does nothing: one `Identity` over float32 `[batch, 1]`.
 *
 * Timing it gives what a call costs before any work is done: the step from JavaScript into the runtime, the turn of
 * the event loop, and one output tensor. No model can be faster.
 */
export function floorModel(): Model {
  const builder = new GraphBuilder('floor');
  const input = builder.input('input', 'float32', ['batch', 1]);
  const [output] = builder.add('Identity', [input], {}, ['output']);
  if (output) builder.output(output);
  return {
    graph: builder.build(),
    metadata: {},
    producer: { name: 'winning-tickets', version: '0.1.0' },
    opset: OPSET,
    irVersion: IR_VERSION,
  };
}

/** Writes that model into a folder. */
export async function writeFloorModel(folder: string): Promise<ModelFile> {
  const file = join(folder, 'floor.onnx');
  const bytes = encodeModel(floorModel());
  await writeFile(file, bytes);
  const input: ModelInput = { form: 'dense', name: 'input', sampleShape: [1], fixedBatch: null };
  return { file, name: 'floor', bytes: bytes.length, input, metadata: {} };
}
