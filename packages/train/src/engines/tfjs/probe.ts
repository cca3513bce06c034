import { float32, GraphBuilder, matMul, numbersOf, tensor, zeros } from '@winning-tickets/onnx';
import { resolveNetwork } from '@winning-tickets/ticket';
import type { TfjsDevice } from './packages.js';
import { openBackend } from './backend.js';
import { compileFor } from './program.js';

/**
 * A program of its own: multiplies two matrices and makes a step of training on a device of TensorFlow.js, its only
 * argument. Prints how that went; on failure, exit code 1 and a line `reason: …` on standard error.
 */
async function probe(device: TfjsDevice): Promise<string> {
  const backend = await openBackend(device, 1);
  const samples = {
    inputs: float32([1, 0, 0, 1], [2, 2]),
    labels: tensor('int32', [2], Int32Array.of(0, 1)),
  };
  const network = resolveNetwork({ name: 'probe', input: [2], layers: [{ kind: 'dense', units: 2 }] });
  const program = await compileFor(backend, {
    network,
    optimizer: { kind: 'sgd', rate: 1 },
    batchSize: 2,
    inputScale: 1,
    threads: 1,
    train: samples,
    validation: samples,
    test: samples,
  });
  const builder = new GraphBuilder('product');
  const input = builder.input('input', 'float32', [1, 2]);
  builder.output(matMul(builder, input, builder.constant(float32([1, 2, 3, 4], [2, 2]))), 'product');
  const { product } = await program.execute(builder.build(), { input: float32([1, 1], [1, 2]) });
  expectNumbers('a product of matrices', product && numbersOf(product), [4, 6]);
  const parameters = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, zeros('float32', shape)]),
  );
  const { state } = await program.run(
    { step: 0, parameters, masks: {}, slots: {}, buffers: {} },
    {
      indices: tensor('int32', [1, 2], Int32Array.of(0, 1)),
      rates: Float32Array.of(1),
      seeds: tensor('int64', [1], BigInt64Array.of(0n)),
    },
  );
  const weights = state.parameters['fc1.weight'];
  expectNumbers('a step of training', weights && numbersOf(weights), [0.25, -0.25, -0.25, 0.25]);
  const versions = Object.entries(backend.software).map(([name, version]) => `${name} ${version}`);
  const fallback =
    device === 'gpu' && !backend.usesGpu
      ? '; no GPU with a driver is in sight, so TensorFlow computes with its CPU kernels'
      : '';
  return `${versions.join(', ')}: a step of training came out right${fallback}`;
}

function expectNumbers(
  what: string,
  found: readonly number[] | undefined,
  expected: readonly number[],
): void {
  if (found?.length === expected.length && expected.every((number, index) => number === found[index])) return;
  throw new Error(`${what} came out as [${found?.join(', ') ?? ''}], expected [${expected.join(', ')}]`);
}

try {
  process.stdout.write(`${await probe(process.argv[2] as TfjsDevice)}\n`);
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  process.stderr.write(`reason: ${line}\n`);
  process.exitCode = 1;
}
