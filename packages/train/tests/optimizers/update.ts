import type { Value } from '@winning-tickets/onnx';
import { GraphBuilder, numbersOf, tensor } from '@winning-tickets/onnx';
import { openSession } from '../../src/engines/onnx/session.js';
import { wholeGradient } from '../../src/optimizers/gradient.js';
import type { OptimizerSpec } from '../../src/optimizers/optimizer.js';
import { updateRule } from '../../src/optimizers/rules.js';

/**
 * Applies an optimizer's rule in double precision, one gradient after the other, to a vector of weights.
 *
 * @returns the weights after each step, and the slots after the last.
 */
export async function updates(
  spec: OptimizerSpec,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
): Promise<{ weights: number[][]; slots: number[][] }> {
  const rule = updateRule(spec);
  const builder = new GraphBuilder('update');
  const vector = (name: string) => builder.input(name, 'float64', [start.length]);
  const { parameter, slots: nextSlots } = rule.update({
    builder,
    parameter: vector('parameter'),
    gradient: wholeGradient(vector('gradient')),
    slots: rule.slots.map((slot) => vector(slot)),
    stepSize: builder.input('stepSize', 'float64', []),
  });
  const outputs: Value[] = [parameter, ...nextSlots];
  outputs.forEach((value, index) => builder.output(value, `output${index}`));
  const session = await openSession(builder.build(), { threads: 1 });
  const float64 = (values: readonly number[], shape = [values.length]) =>
    tensor('float64', shape, Float64Array.from(values));
  let current = [start, ...rule.slots.map(() => start.map(() => 0))].map((values) => [...values]);
  const weights: number[][] = [];
  for (const [step, gradient] of gradients.entries()) {
    const results = await session.run({
      parameter: float64(current[0] ?? []),
      gradient: float64(gradient),
      ...Object.fromEntries(rule.slots.map((slot, index) => [slot, float64(current[index + 1] ?? [])])),
      stepSize: float64([rule.stepSize(spec.rate, step + 1)], []),
    });
    current = outputs.map((_, index) => {
      const result = results[`output${index}`];
      if (!result) throw new Error(`no output${index}`);
      return numbersOf(result);
    });
    weights.push(current[0] ?? []);
  }
  await session.dispose();
  return { weights, slots: current.slice(1) };
}
