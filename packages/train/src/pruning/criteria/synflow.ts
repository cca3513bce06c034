import { abs, reduceSum, tensor, sizeOf } from '@winning-tickets/onnx';
import { forward } from '@winning-tickets/ticket';
import type { InitialCriterion } from './criterion.js';
import { saliencies } from './saliency.js';

/**
 * How much flows through a weight of all paths from inputs to outputs, `w · ∂R/∂w`, where R is the sum of the outputs of the
 * network with the magnitudes of its weights for an input of ones (Tanaka et al. 2020, "Pruning neural networks without any
 * data by iteratively conserving synaptic flow", algorithm 1, with its 100 rounds). It looks at no data.
 *
 * R is a float32, as convolutions have no other kernels: it overflows in networks of some thirty wide layers without
 * normalisation, which is an error and never a mask.
 */
export const synflow: InitialCriterion = {
  name: 'synflow',
  summary:
    'the initial weights survive through which most flows, magnitudes alone, in 100 rounds without data',
  at: 'initialization',
  items: 'weights',
  rounds: 100,
  refuses: ({ inputDType }) =>
    inputDType === 'int32' ? 'takes indices of words, and an input of ones says nothing of them' : undefined,
  scores: (scored) => {
    const { builder, network, values } = scored;
    const magnitudes = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, abs(builder, value)]),
    );
    const shape = [1, ...network.inputShape];
    const ones = builder.constant(tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(1)));
    return saliencies(scored, reduceSum(builder, forward(builder, network, ones, magnitudes)));
  },
};
