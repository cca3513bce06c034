import { cudaProviderInstalled, missingCudaLibraries } from '@winning-tickets/bench';
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

/** What of the CUDA provider is not on this machine, in half a sentence; undefined when nothing of it is missing. */
function missingForCuda(): string | undefined {
  if (!cudaProviderInstalled()) {
    return 'the CUDA provider of ONNX Runtime is not installed: `npm run setup:cuda` brings it';
  }
  const missing = missingCudaLibraries().filter(({ needed }) => needed === 'load');
  if (missing.length === 0) return undefined;
  return (
    'the CUDA provider of ONNX Runtime is installed, but the system finds no ' +
    `${missing.map(({ file }) => file).join(', ')}: \`npm run setup:cuda\` says where they come from`
  );
}

const provider = process.argv[2] ?? 'cpu';
try {
  // Without its files the runtime says no more than that it could not load a library, and may say so at length.
  const missing = provider === 'cuda' && process.platform === 'linux' ? missingForCuda() : undefined;
  if (missing !== undefined) throw new Error(missing);
  process.stdout.write(`${await probe(provider)}\n`);
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  // The runtime begins with where in its own source it failed.
  process.stderr.write(`reason: ${line.replace(/^\/\S+:\d+ .* was false\. /, '')}\n`);
  process.exitCode = 1;
}
