import { readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import type { MemoryInput, MemoryReply, MemoryTask } from './memory-protocol.js';
import { createSession, firstLine, runFailure } from './session.js';

// A process of its own for each measurement: memory that one model leaves behind never counts for another.
// It imports nothing but the runtime, so that its own share is small and the same for every model.

async function measure({ file, inputs, ...setup }: MemoryTask): Promise<MemoryReply> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, zeros(input)]));
  const startMicros = performance.now() * 1e3;
  const beforeBytes = residentBytes();
  const began = performance.now();
  const session = await createSession(file, setup);
  const created = performance.now();
  try {
    await session.run(feeds);
  } catch (cause) {
    throw runFailure(file, Object.values(inputs)[0]?.shape ?? [], cause);
  }
  const ran = performance.now();
  const afterBytes = residentBytes();
  return {
    beforeBytes,
    afterBytes,
    peakBytes: Math.max(peakBytes(), afterBytes),
    startMicros,
    sessionCreationMicros: (created - began) * 1e3,
    firstRunMicros: (ran - created) * 1e3,
  };
}

function zeros({ dtype, shape }: MemoryInput): Tensor {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const data = dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  return new Tensor(dtype, data, shape);
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

// On Linux a child's `maxRSS` starts at what its parent had when it forked, and the parent may hold a data set;
// VmHWM is that of this program alone.
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

function isTask(value: unknown): value is MemoryTask {
  return typeof value === 'object' && value !== null && 'file' in value && 'inputs' in value;
}

// The parent hangs up when it has the answer, or when it dies.
process.on('disconnect', () => process.exit());
const task: unknown = JSON.parse(process.argv[2] ?? 'null');
const reply: MemoryReply = isTask(task)
  ? await measure(task).catch((error: unknown) => ({ error: firstLine(error) }))
  : { error: 'the memory process was started without a task' };
process.send?.(reply);
