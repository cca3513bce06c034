import { InferenceSession } from 'onnxruntime-node';
import type { BenchProvider } from './result.js';

/** How every session of a benchmark is set up. */
export interface SessionSetup {
  readonly provider: BenchProvider;
  /** Threads inside one operator. With 1 the session has no threads of its own that could spin beside others. */
  readonly threads: number;
}

/**
 * For providers without kernels for eight bits: constants in eight and 32 bits are dequantised once, when a model is loaded.
 * By default that is done in every call, and for biases on the CPU, since CUDA has no kernel for 32 bits. Activations are
 * rounded all the same, so that a model computes what it says.
 */
const dequantisedConstants: InferenceSession.SessionOptions = {
  extra: { session: { disable_quant_qdq: '1' } },
};

/** How the runtime is asked for a session. */
export function sessionOptions({ provider, threads }: SessionSetup): InferenceSession.SessionOptions {
  return {
    executionProviders: [providerOption(provider)],
    ...(provider === 'cpu' ? {} : dequantisedConstants),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Errors only: a warning per removed initializer is no news to who compares models.
    logSeverityLevel: 3,
  };
}

/**
 * A session over a model file, with all of the runtime's graph optimisations, as a user would create it.
 *
 * @throws Error in one sentence when the runtime cannot load the model, naming the file and the runtime's reason.
 */
export async function createSession(
  file: string,
  setup: SessionSetup,
  profiling: Pick<InferenceSession.SessionOptions, 'enableProfiling' | 'profileFilePrefix'> = {},
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, { ...profiling, ...sessionOptions(setup) });
  } catch (cause) {
    throw new Error(`${file}: ONNX Runtime cannot load this model: ${firstLine(cause)}`, { cause });
  }
}

/**
 * WebGPU's kernels for convolutions over channels-last data give wrong numbers for some numbers of channels, those of LeNet-5
 * and of text networks after compaction among them (ONNX Runtime 1.30.0, a Vulkan driver in software): channels stay first.
 */
function providerOption(provider: BenchProvider): InferenceSession.ExecutionProviderConfig {
  return provider === 'webgpu' ? { name: 'webgpu', preferredLayout: 'NCHW' } : provider;
}

/**
 * Makes sure that sessions of a provider can be had at all, with a model that does nothing.
 *
 * @throws Error in one sentence with the runtime's reason.
 */
export async function checkProvider(floorFile: string, setup: SessionSetup): Promise<void> {
  try {
    await (await createSession(floorFile, setup)).release();
  } catch (error) {
    const reason = firstLine(error instanceof Error && error.cause !== undefined ? error.cause : error);
    throw new Error(
      `the provider ${setup.provider} cannot be used on this machine: ${reason.replace(/\.$/, '')}; ` +
        '`tickets doctor` says what each provider needs.',
      { cause: error },
    );
  }
}

/** A model's failed run in one sentence, naming the file and the shape it was fed. */
export function runFailure(file: string, inputShape: readonly number[], cause: unknown): Error {
  const fed = `[${inputShape.join(', ')}]`;
  return new Error(`${file}: ONNX Runtime cannot run this model on an input of ${fed}: ${firstLine(cause)}`, {
    cause,
  });
}

/** The first line of an error's message: the runtime's own go on with a stack. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
