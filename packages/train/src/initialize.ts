import { type Tensor, type Tensors, sizeOf, tensor } from '@winning-tickets/onnx';
import type { Network, Parameter } from '@winning-tickets/ticket';
import { type Stream, stream } from './rng.js';

/**
 * Draws a network's initial parameters, float32, by parameter name.
 *
 * `glorot-normal` is a Gaussian of mean 0 and variance `2 / (fanIn + fanOut)` (Glorot & Bengio 2010, the Gaussian form
 * that Frankle & Carbin 2019 use), not truncated. Every parameter draws from its own stream, `(seed, ...path,
 * parameter name)`, so that adding a layer leaves the weights of the others as they were.
 */
export function initializeParameters(network: Network, seed: number, ...path: (string | number)[]): Tensors {
  return Object.fromEntries(
    network.parameters.map((parameter) => [
      parameter.name,
      initialTensor(parameter, stream(seed, ...path, parameter.name)),
    ]),
  );
}

/** A network's buffers before the first step, float32, by name. */
export function initialBuffers(network: Network): Tensors {
  return Object.fromEntries(
    network.buffers.map(({ name, shape, initial }) => [
      name,
      tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(initial === 'ones' ? 1 : 0)),
    ]),
  );
}

function initialTensor(parameter: Parameter, random: Stream): Tensor<'float32'> {
  return tensor('float32', parameter.shape, initialValues(parameter, random));
}

function initialValues({ shape, fanIn, fanOut, initial }: Parameter, random: Stream): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  switch (initial) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'glorot-normal': {
      const deviation = Math.sqrt(2 / (fanIn + fanOut));
      return values.map(() => deviation * random.normal());
    }
  }
}
