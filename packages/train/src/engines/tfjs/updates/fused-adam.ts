import type { Tensor } from '@winning-tickets/onnx';
import type { Parameter } from '@winning-tickets/ticket';
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../optimizers/optimizer.js';
import { held } from '../device-dtype.js';
import type { NativeBackend, OpAttribute } from '../native-backend.js';
import { floatType, nativeBackend } from '../native-backend.js';
import { named, tensorOf } from './named.js';
import type { Updates, UpdatesFrom } from './updates.js';

type AdamSpec = Extract<OptimizerSpec, { kind: 'adam' }>;

/** What the fused operator knows of; an optimizer with more to it is composed. */
const fusedKeys = ['kind', 'rate', 'beta1', 'beta2', 'epsilon'];

/**
 * Adam by TensorFlow's own operator `ResourceApplyAdam`, which changes weights and moments in place, in one pass: a
 * tenth of the operators. Undefined where the backend has no binding to TensorFlow, or the optimizer is another one.
 *
 * The slots hold the moments m and v themselves, not the sums that the composed form keeps: of a state, only the same form
 * can go on.
 */
export function fusedAdam(
  spec: OptimizerSpec,
  parameters: readonly Parameter[],
  from: UpdatesFrom,
): Updates | undefined {
  if (!isFusable(spec)) return undefined;
  const backend = nativeBackend();
  if (!backend) return undefined;
  const { beta1, beta2, epsilon } = spec;
  const ofM = roundedShare(beta1);
  const ofV = Math.sqrt(roundedShare(beta2));
  const variables = parameters.map(({ name }) => ({
    weights: variableOf(backend, named(from.parameters, name)),
    m: variableOf(backend, named(from.slots, `m/${name}`)),
    v: variableOf(backend, named(from.slots, `v/${name}`)),
  }));
  const [zero, share1, share2, smallest] = [0, beta1, beta2, epsilon * ofV].map((number) =>
    tf.keep(tf.scalar(number)),
  ) as [tf.Scalar, tf.Scalar, tf.Scalar, tf.Scalar];
  return {
    weights: () => variables.map(({ weights }) => weights.read()),
    step(gradients, rate, step) {
      tf.tidy(() => {
        // The bias corrections go into the rate, in double precision; the operator is told that its own are over.
        const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
        const scalars = [zero, zero, tf.scalar((corrected * ofV) / ofM), share1, share2, smallest];
        variables.forEach(({ weights, m, v }, index) => {
          const gradient = gradients[index];
          if (!gradient) throw new Error(`there is no gradient number ${index}`);
          backend.executeMultipleOutputs(
            'ResourceApplyAdam',
            [
              floatType(backend, 'T'),
              switchedOff(backend, 'use_locking'),
              switchedOff(backend, 'use_nesterov'),
            ],
            [weights.handle, m.handle, v.handle, ...scalars, gradient],
            0,
          );
        });
      });
    },
    state: () => ({
      parameters: Object.fromEntries(
        parameters.map(({ name }, index) => [name, valueOf(variables[index]?.weights)]),
      ),
      slots: Object.fromEntries(
        (['m', 'v'] as const).flatMap((slot) =>
          parameters.map(
            ({ name }, index) => [`${slot}/${name}`, valueOf(variables[index]?.[slot])] as const,
          ),
        ),
      ),
    }),
    dispose() {
      tf.dispose([zero, share1, share2, smallest]);
      for (const { weights, m, v } of variables) for (const variable of [weights, m, v]) variable.dispose();
    },
  };
}

/**
 * How much larger `1 - beta` comes out in the operator's float32 than it is: 1.3e-5 for 0.999. The moments are larger by
 * that, which the rate and epsilon make good.
 */
function roundedShare(beta: number): number {
  return Math.fround(1 - Math.fround(beta)) / (1 - beta);
}

function isFusable(spec: OptimizerSpec): spec is AdamSpec {
  return spec.kind === 'adam' && Object.keys(spec).every((key) => fusedKeys.includes(key));
}

const switchedOff = ({ binding }: NativeBackend, name: string): OpAttribute => ({
  name,
  type: binding.TF_ATTR_BOOL,
  value: false,
});

/** A variable of TensorFlow's, which operators change in place. */
interface Variable {
  readonly handle: tf.Tensor;
  read(): tf.Tensor;
  dispose(): void;
}

// TensorFlow keeps variables by their names.
let created = 0;

function variableOf(backend: NativeBackend, value: Tensor): Variable {
  const { binding } = backend;
  const dtype = floatType(backend, 'dtype');
  const handle = tf.keep(
    backend.executeSingleOutput(
      'VarHandleOp',
      [
        { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
        { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `winning-tickets-${++created}` },
        dtype,
        { name: 'shape', type: binding.TF_ATTR_SHAPE, value: value.shape },
      ],
      [],
    ),
  );
  tf.tidy(() => {
    backend.executeMultipleOutputs('AssignVariableOp', [dtype], [handle, held(value) as tf.Tensor], 0);
  });
  return {
    handle,
    read: () => backend.executeSingleOutput('ReadVariableOp', [dtype], [handle]),
    dispose() {
      const strict = switchedOff(backend, 'ignore_lookup_error');
      backend.executeMultipleOutputs('DestroyResourceOp', [strict], [handle], 0);
      handle.dispose();
    },
  };
}

function valueOf(variable: Variable | undefined): Tensor {
  if (!variable) throw new Error('a variable is gone from the device');
  const now = variable.read();
  const value = tensorOf(now);
  now.dispose();
  return value;
}
