import type { TrainingJob, TrainState } from '../../../src/index.js';
import { engineNamed } from '../../../src/index.js';
import type { TfjsDevice } from '../../../src/engines/tfjs/packages.js';
import { planOf } from '../onnx/support.js';

/** Where TensorFlow.js computes here: WebAssembly, unless the environment names another device, as a referee does. */
export const device = (process.env['TFJS_DEVICE'] ?? 'wasm') as TfjsDevice;

/** A training on an engine, its steps cut into calls. */
export async function trainedOn(
  engine: 'onnx' | 'tfjs',
  job: TrainingJob,
  start: TrainState,
  chunks: readonly number[],
) {
  const program = await engineNamed(engine).compile(engine === 'tfjs' ? { ...job, device } : job);
  let state = start;
  const losses: number[] = [];
  for (const steps of chunks) {
    const result = await program.run(state, planOf(job, state.step, steps));
    state = result.state;
    losses.push(...result.losses);
  }
  const evaluation = await program.evaluate(state, 'test');
  await program.dispose();
  return { state, losses, evaluation };
}
