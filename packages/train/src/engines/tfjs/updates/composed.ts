import { GraphBuilder } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';
import * as tf from '@tensorflow/tfjs-core';
import { wholeGradient } from '../../../optimizers/gradient.js';
import type { OptimizerSpec } from '../../../optimizers/optimizer.js';
import { rateFactorOf } from '../../../optimizers/rate-factors.js';
import type { UpdateRule } from '../../../optimizers/rule.js';
import { updateRule } from '../../../optimizers/rules.js';
import { held } from '../device-dtype.js';
import type { Walk } from '../walk.js';
import { walkOf } from '../walk.js';
import { named, tensorOf } from './named.js';
import type { Updates, UpdatesFrom } from './updates.js';

/**
 * Any optimizer, by walking the ONNX operators of its rule: an optimizer that is added or changed in `optimizers/` trains
 * here as it is.
 */
export function composedUpdates(
  spec: OptimizerSpec,
  parameters: readonly Parameter[],
  from: UpdatesFrom,
): Updates {
  const rule = updateRule(spec);
  const factors = parameters.map((parameter) => rateFactorOf(spec, parameter));
  const walks = parameters.map(({ shape }) => updateWalk(rule, shape));
  // Per parameter itself, then its slots.
  let current = parameters.map(({ name }) =>
    [named(from.parameters, name), ...rule.slots.map((slot) => named(from.slots, `${slot}/${name}`))].map(
      (value) => tf.keep(held(value) as tf.Tensor),
    ),
  );
  return {
    weights: () => current.flatMap(([weights]) => (weights ? [tf.clone(weights)] : [])),
    step(gradients, rate, step) {
      const before = current;
      tf.tidy(() => {
        // One scalar for each factor, not for each parameter.
        const stepSizes = new Map(
          [...new Set(factors)].map((factor) => [factor, tf.scalar(rule.stepSize(rate * factor, step))]),
        );
        current = walks.map((walk, index) => {
          const [parameter, ...slots] = before[index] ?? [];
          const gradient = gradients[index];
          const stepSize = stepSizes.get(factors[index] ?? 1);
          if (!parameter || !gradient || !stepSize) throw new Error(`there is no gradient number ${index}`);
          const feeds = {
            parameter,
            gradient,
            stepSize,
            ...Object.fromEntries(slots.map((slot, i) => [`slot${i}`, slot])),
          };
          const next = walk.run(feeds);
          return ['parameter', ...slots.map((_, i) => `slot${i}`)].map((key) =>
            tf.keep(next[`next/${key}`] as tf.Tensor),
          );
        });
      });
      tf.dispose(before);
    },
    state() {
      const read = (kind: number, prefix: string) =>
        parameters.map(({ name }, index) => [prefix + name, tensorOf(current[index]?.[kind])] as const);
      return {
        parameters: Object.fromEntries(read(0, '')),
        slots: Object.fromEntries(rule.slots.flatMap((slot, index) => read(index + 1, `${slot}/`))),
      };
    },
    dispose() {
      tf.dispose(current);
      for (const walk of walks) walk.dispose();
    },
  };
}

/** The update of one parameter as a graph: `parameter`, `gradient`, `stepSize` and `slot<i>` to `next/…` of them. */
function updateWalk(rule: UpdateRule, shape: readonly number[]): Walk {
  const builder = new GraphBuilder('update');
  const value = (name: string) => builder.input(name, 'float32', shape);
  const { parameter, slots } = rule.update({
    builder,
    parameter: value('parameter'),
    gradient: wholeGradient(value('gradient')),
    slots: rule.slots.map((_, index) => value(`slot${index}`)),
    stepSize: builder.input('stepSize', 'float32', []),
  });
  builder.output(parameter, 'next/parameter');
  slots.forEach((slot, index) => builder.output(slot, `next/slot${index}`));
  return walkOf(builder.build());
}
