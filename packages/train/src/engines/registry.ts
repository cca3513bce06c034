import type { Engine } from '../engine.js';
import type { EngineName } from './devices.js';
import { onnxEngine } from './onnx/engine.js';
import { tfjsEngine } from './tfjs/engine.js';

/** A new engine is its own folder, a line here and one in `devices.ts`. */
const engines: Readonly<Record<EngineName, Engine>> = { onnx: onnxEngine, tfjs: tfjsEngine };

/** All engines. */
export function allEngines(): readonly Engine[] {
  return Object.values(engines);
}

/** The engine of a name. @throws Error when there is none. */
export function engineNamed(name: string): Engine {
  const engine = allEngines().find((candidate) => candidate.name === name);
  if (!engine) throw new Error(`unknown engine '${name}': there is ${Object.keys(engines).join(', ')}`);
  return engine;
}
