import type { DType, Graph, Tensor, Tensors } from '@winning-tickets/onnx';
import { encodeModel, IR_VERSION, OPSET } from '@winning-tickets/onnx';
import * as ort from 'onnxruntime-node';
import { hasConvolutions, withBlockedConvolutions } from './blocked-convolutions.js';
import { channelBlock } from './channel-block.js';

/** A graph loaded into ONNX Runtime. */
export interface Session {
  /** Inputs by name to outputs by name. Inputs are not copied; outputs are the caller's. */
  readonly run: (inputs: Tensors) => Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** How a session computes. */
export interface SessionOptions {
  /** Threads inside one operator; results differ in the last bits between numbers of threads. */
  readonly threads: number;
  /** Execution provider; default `cpu`. What it has no kernel for runs on the CPU. */
  readonly device?: string;
}

/** Loads a graph into ONNX Runtime. @throws Error when the runtime refuses it, or cannot use the device. */
export async function openSession(graph: Graph, options: SessionOptions): Promise<Session> {
  const { device = 'cpu' } = options;
  if (device !== 'cpu' || !hasConvolutions(graph)) return openGraph(graph, options);
  const block = await channelBlock((small) => openGraph(small, { threads: 1 }));
  return openGraph(block === undefined ? graph : withBlockedConvolutions(graph, block), options);
}

function openGraph(graph: Graph, options: SessionOptions): Promise<Session> {
  const producer = { name: 'winning-tickets', version: '' };
  const model = { graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION };
  return openModel(encodeModel(model), options);
}

/**
 * Loads the bytes of an ONNX file into ONNX Runtime. Denormal numbers are flushed to zero, in the session and, from the first
 * one of a process on, in JavaScript on the thread that opened it: `5e-324 * 2` is 0 there.
 *
 * @throws Error as `openSession` does.
 */
export async function openModel(bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const { device = 'cpu' } = options;
  const creation = ort.InferenceSession.create(bytes, {
    // WebGPU's convolutions over channels-last data are wrong for some numbers of channels (1.30.0).
    executionProviders: [device === 'webgpu' ? { name: device, preferredLayout: 'NCHW' } : device],
    // Other devices leave to the CPU what is about shapes, and warn of it every time.
    ...(device === 'cpu' ? {} : { logSeverityLevel: 3 }),
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    // Adam's second moments of rarely lit pixels become denormal, which slows every pass over them.
    extra: { session: { set_denormal_as_zero: '1' } },
  });
  const session = await (device === 'cpu' ? creation : creation.catch(withDevice(device)));
  return {
    async run(inputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [name, toRuntime(value)]),
      );
      const outputs = await session.run(feeds);
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromRuntime(value)]));
    },
    dispose: () => session.release(),
  };
}

/** The runtime's reason in one line, without the places in its own source. */
function withDevice(device: string): (error: unknown) => never {
  return (error) => {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    const reason = line.replace(/^\/\S+:\d+ .* was false\. /, '').replace(/\.$/, '');
    throw new Error(
      `ONNX Runtime cannot train on device '${device}' here: ${reason}; tickets doctor says what it needs`,
      {
        cause: error,
      },
    );
  };
}

function toRuntime({ dtype, shape, data }: Tensor): ort.Tensor {
  return new ort.Tensor(dtype, data, shape);
}

function fromRuntime(value: ort.Tensor): Tensor {
  return { dtype: value.type as DType, shape: value.dims, data: value.data as Tensor['data'] };
}
