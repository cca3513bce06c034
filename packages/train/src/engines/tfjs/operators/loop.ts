import * as tf from '@tensorflow/tfjs-core';
import type { Held } from '../held.js';
import { numbers, onDevice, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

/** Runs its body as often as it is told; a condition that turns false ends it. */
export const loop: TfjsOperator = {
  op: 'Loop',
  run: (call) => {
    const { attributes, inputs, walkInner } = call;
    const body = attributes['body'];
    if (!body || !('graph' in body)) throw new Error("attribute 'body' must be a graph");
    const [trips = 0] = inputs[0] ? numbers(inputs[0]) : [Infinity];
    let states = inputs.slice(2).map((_, index) => input(call, index + 2));
    const scans: Held[][] = Array.from({ length: call.outputs - states.length }, () => []);
    let goOn: Held = inputs[1] ?? tf.scalar(true, 'bool');
    for (let trip = 0; trip < trips && isTrue(goOn); trip++) {
      const [condition = goOn, ...results] = walkInner(body.graph, [whole([trip], []), goOn, ...states]);
      goOn = condition;
      states = results.slice(0, states.length);
      scans.forEach((scan, index) => {
        scan.push(results[states.length + index] ?? goOn);
      });
    }
    return [...states, ...scans.map(stacked)];
  },
};

function isTrue(value: Held): boolean {
  return onDevice(value).dataSync()[0] === 1;
}

function stacked(values: readonly Held[]): Held {
  return tf.stack(values.map(onDevice));
}
