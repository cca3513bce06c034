import type { Runtime } from '@winning-tickets/export';
import type { DType, Tensor } from '@winning-tickets/onnx';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';

/** Runs a task that loads models into ONNX Runtime, on the CPU with one thread, and frees them at its end. */
export async function withRuntime<T>(task: (runtime: Runtime) => Promise<T>): Promise<T> {
  const sessions: InferenceSession[] = [];
  const runtime: Runtime = async (bytes) => {
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    sessions.push(session);
    return async (inputs) => {
      const feeds = Object.entries(inputs).map(([name, value]) => [name, toRuntime(value)]);
      const outputs = await session.run(Object.fromEntries(feeds) as InferenceSession.FeedsType);
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromRuntime(value)]));
    };
  };
  try {
    return await task(runtime);
  } finally {
    for (const session of sessions) await session.release();
  }
}

function toRuntime({ dtype, shape, data }: Tensor): RuntimeTensor {
  return new RuntimeTensor(dtype, data, shape);
}

function fromRuntime(value: RuntimeTensor): Tensor {
  return { dtype: value.type as DType, shape: value.dims, data: value.data as Tensor['data'] };
}
