import { encodeModel, float32, GraphBuilder, IR_VERSION, matMul, OPSET } from '@winning-tickets/onnx';

/**
 * A program of its own: multiplies two matrices with a provider of ONNX Runtime, its only argument. Prints how that
 * went; on failure, exit code 1 and a line `reason: …` on standard error.
 */
async function probe(provider: string): Promise<string> {
  const { env, InferenceSession, listSupportedBackends, Tensor } = await import('onnxruntime-node');
  const version = env.versions.node ?? env.versions.common;
  const known = listSupportedBackends().map(({ name }) => name);
  if (!known.includes(provider)) {
    throw new Error(
      `ONNX Runtime ${version} has no ${provider} provider on this system; it has ${known.join(', ')}`,
    );
  }
  const builder = new GraphBuilder('probe');
  const input = builder.input('input', 'float32', ['batch', 2]);
  const weights = builder.initializer('weights', float32([1, 2, 3, 4], [2, 2]));
  builder.output(matMul(builder, input, weights), 'output');
  const bytes = encodeModel({
    graph: builder.build(),
    metadata: {},
    producer: { name: 'winning-tickets', version: '' },
    opset: OPSET,
    irVersion: IR_VERSION,
  });
  const session = await InferenceSession.create(bytes, {
    executionProviders: [provider],
    logSeverityLevel: 4,
  });
  const { output } = await session.run({ input: new Tensor('float32', Float32Array.of(1, 1), [1, 2]) });
  const product = Array.from((output?.data ?? []) as ArrayLike<number>).join(', ');
  if (product !== '4, 6') throw new Error(`a product of matrices came out as [${product}], expected [4, 6]`);
  return `ONNX Runtime ${version}, a product of matrices came out right`;
}

try {
  process.stdout.write(`${await probe(process.argv[2] ?? 'cpu')}\n`);
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  // The runtime begins with where in its own source it failed.
  process.stderr.write(`reason: ${line.replace(/^\/\S+:\d+ .* was false\. /, '')}\n`);
  process.exitCode = 1;
}
