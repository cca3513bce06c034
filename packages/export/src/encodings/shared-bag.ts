import { GraphBuilder, gemm } from '@winning-tickets/onnx';
import { forward } from '@winning-tickets/ticket';
import type { Encoding } from './encoding.js';
import { pickedRows, wordsNetwork, wordsOptions, wordsUnfit } from './words-network.js';

/**
 * A network over bags of words that takes the words of a whole batch, each once: their rows of the first weight matrix
 * make a smaller matrix, and the texts' weights are multiplied by that.
 *
 * Inputs: `words` int32 `[count]`, and `weights` float32 `[batch, count]`, count from 1.
 *
 * Of a batch of news articles most words stand in several, and their lengths differ, so that padded lists (`bag`) pick
 * several times as many rows; and one product of two matrices is what a runtime does best. A text alone is the same list
 * in either form, and takes three operators here where it takes seven there.
 */
export const sharedBag: Encoding = {
  name: 'shared-bag',
  summary:
    'for networks over bags of words: takes the words of a batch once each, and their weights in every text',
  options: wordsOptions,
  tolerance: 1e-4,
  unfit: (network) => wordsUnfit('shared-bag', network),
  build(ticket, options) {
    const words = wordsNetwork('shared-bag', ticket, options);
    const { network, rest, metadata } = words;
    const builder = new GraphBuilder('ticket');
    const numbers = builder.input('words', 'int32', ['count']);
    const weights = builder.input('weights', 'float32', ['batch', 'count']);
    const { values, picked, bias } = pickedRows(builder, words, numbers);
    const units = gemm(builder, weights, picked, bias);
    builder.output(forward(builder, { ...network, layers: rest }, units, values), 'logits');
    return { graph: builder.build(), metadata: { ...metadata, inputForm: 'shared-bag' } };
  },
};
