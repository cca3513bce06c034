import type { Engine } from '../engine.js';
import { onnxEngine } from './onnx/engine.js';

const engines: readonly Engine[] = [onnxEngine];

/** All engines. A new one is its own folder and a line here. */
export function allEngines(): readonly Engine[] {
  return engines;
}

/** The engine of a name. @throws Error when there is none. */
export function engineNamed(name: string): Engine {
  const engine = engines.find((candidate) => candidate.name === name);
  if (!engine) {
    throw new Error(`unknown engine '${name}': there is ${engines.map((known) => known.name).join(', ')}`);
  }
  return engine;
}
