/**
 * The engines there are, with the devices that each can be asked for, the first by default. Names alone, so that an
 * experiment can be checked without loading an engine. Whether a machine has a device is another question.
 */
export const engineDevices = {
  onnx: ['cpu', 'cuda', 'webgpu'],
  tfjs: ['cpu', 'gpu', 'wasm'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type EngineName = keyof typeof engineDevices;

export const engineNames = Object.keys(engineDevices) as readonly EngineName[];
