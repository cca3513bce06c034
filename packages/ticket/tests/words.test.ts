import { tensor } from '@winning-tickets/onnx';
import type { Tensors } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ticket, TicketMetadata } from '../src/index.js';
import {
  decodeSafetensors,
  decodeTicket,
  encodeSafetensors,
  encodeTicket,
  wordsMismatch,
} from '../src/index.js';
import { computeSeal } from '../src/seal.js';
import { ticket as imageTicket } from './support/ticket.js';

const vocabulary = ['the', 'of', 'fünf', '市場'];
const wordWeights = Float64Array.of(1, 1.5, Math.LN2, 3);
const network = {
  name: 'bag',
  input: [4],
  layers: [{ kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
};

/** A ticket over bags of four words, weighted by tf-idf. */
const ticket: Ticket = withDataset({}, { vocabulary, wordWeights });

function withDataset(change: object, words: Partial<Ticket> = { vocabulary, wordWeights }): Ticket {
  const text = { kind: 'bag', words: 5, weights: 'tf-idf' };
  const dataset = { ...imageTicket.metadata.dataset, inputShape: [4], text, words: 4, ...change };
  const metadata = { ...imageTicket.metadata, network, dataset } as TicketMetadata;
  return { ...imageTicket, metadata, ...words };
}

describe('a ticket over text', () => {
  it('gives back its words and their weights', () => {
    const { bytes, hash } = encodeTicket(ticket);
    expect(decodeTicket(bytes, 'x')).toEqual({ ...ticket, hash });
  });

  it('of sequences has words and no weights', () => {
    const text = { kind: 'sequence', words: 4, length: 4 };
    const { wordWeights: _, ...rest } = withDataset({ text });
    const { bytes, hash } = encodeTicket(rest);
    expect(decodeTicket(bytes, 'x')).toEqual({ ...rest, hash });
  });

  it('holds any words, more than a header would', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 4, maxLength: 4 }), (words) => {
        const { bytes } = encodeTicket({ ...ticket, vocabulary: words });
        expect(decodeTicket(bytes, 'x').vocabulary).toEqual(words);
      }),
      { seed: 1, numRuns: 100 },
    );
    const many = Array.from({ length: 100_000 }, (_, number) => `word-of-some-length-${number}`);
    const text = { kind: 'sequence', words: 100_000, length: 4 };
    const { wordWeights: _, ...rest } = withDataset({ text, words: many.length }, { vocabulary: many });
    expect(decodeTicket(encodeTicket(rest).bytes, 'x').vocabulary).toEqual(many);
  });

  it('has its words under its seal', () => {
    const others = encodeTicket({ ...ticket, vocabulary: vocabulary.toReversed() });
    expect(others.hash).not.toBe(encodeTicket(ticket).hash);
  });
});

describe('words that a ticket does not speak of are refused:', () => {
  const { wordWeights: _, ...unweighted } = ticket;
  const { vocabulary: __, ...unnamed } = unweighted;

  it.each<[string, Ticket, string]>([
    ['none', unnamed, 'belong together, found text, 4 words and no vocabulary'],
    ['those of images', { ...imageTicket, vocabulary }, 'found no text, no number of words and a vocabulary'],
    ['too few', { ...ticket, vocabulary: ['a'] }, "'dataset.words' is 4, the vocabulary has 1"],
    ['the same twice', { ...ticket, vocabulary: ['a', 'b', 'a', 'c'] }, 'the vocabulary has "a" twice'],
    ['an empty one', { ...ticket, vocabulary: ['a', 'b', '', 'c'] }, 'word 2 of the vocabulary must be text'],
    ['one of two lines', { ...ticket, vocabulary: ['a', 'b', 'c\n', 'd'] }, 'word 2 of the vocabulary'],
    ['no weights', unweighted, 'expected 4 word weights, found none'],
    ['weights too many', { ...ticket, wordWeights: new Float64Array(5).fill(1) }, 'found 5'],
    ['a weight of 0', { ...ticket, wordWeights: Float64Array.of(1, 0, 1, 1) }, 'found 0 of word 1'],
    [
      'weights of counts',
      withDataset({ text: { kind: 'bag', words: 5, weights: 'count' } }),
      'expected no word weights, found 4',
    ],
    [
      'samples of another shape',
      withDataset({ text: { kind: 'sequence', words: 5, length: 7 } }),
      'samples of 7 words have shape [7], found [4]',
    ],
    ['options nobody knows', withDataset({ text: { kind: 'bags' } }), `'dataset.text`],
  ])('%s', (_title, wrong, message) => {
    expect(() => encodeTicket(wrong)).toThrow(message);
    expect(() => encodeTicket(wrong)).toThrow(/^the ticket to write[^\n]+$/);
  });

  it.each<[string, Tensors, string]>([
    ['a vocabulary of floats', { vocabulary: tensor('float32', [1], Float32Array.of(1)) }, 'must be uint8'],
    ['no UTF-8', { vocabulary: tensor('uint8', [1], Uint8Array.of(0xff)) }, 'is not UTF-8 text'],
    ['weights in single precision', { wordWeights: tensor('float32', [1], Float32Array.of(1)) }, 'float64'],
    ['a group of words', { 'vocabulary/x': tensor('uint8', [1], Uint8Array.of(1)) }, 'no part of a ticket'],
    [
      'more text than anyone reads',
      { vocabulary: tensor('uint8', [2 ** 26 + 1], new Uint8Array(2 ** 26 + 1)) },
      'more than 67108864 are refused',
    ],
  ])('in a file, %s', (_title, more, message) => {
    const { tensors, metadata } = decodeSafetensors(encodeTicket(ticket).bytes, 'x');
    const content = { tensors: { ...tensors, ...more }, metadata };
    const wrong = encodeSafetensors(content.tensors, { ...metadata, seal: computeSeal(content) });
    expect(() => decodeTicket(wrong, 'x.ticket')).toThrow(message);
    expect(() => decodeTicket(wrong, 'x.ticket')).toThrow(/^x\.ticket[^\n]+$/);
  });
});

describe('the words of some data', () => {
  it('are compared one by one, and the first that differs is named', () => {
    expect(wordsMismatch(ticket, ticket)).toBeUndefined();
    expect(wordsMismatch(ticket, { ...ticket, vocabulary: ['the', 'to', 'a', 'b'] })).toBe(
      'word 1 must be "of", found "to"',
    );
    expect(wordsMismatch(ticket, { ...ticket, vocabulary: ['the', 'of'] })).toBe(
      'word 2 must be "fünf", found none',
    );
    expect(wordsMismatch({ vocabulary: ['the'] }, ticket)).toBe('word 1 must be none, found "of"');
    expect(wordsMismatch(ticket, {})).toBe('word 0 must be "the", found none');
  });

  it('may weigh the same up to rounding', () => {
    const scaled = (factor: number) => ({ vocabulary, wordWeights: wordWeights.map((w) => w * factor) });
    expect(wordsMismatch(ticket, scaled(1 + 1e-15))).toBeUndefined();
    expect(wordsMismatch(ticket, scaled(2))).toBe('the weight of word 0 must be 1, found 2');
    expect(wordsMismatch(ticket, { vocabulary })).toBe('the weight of word 0 must be 1, found none');
  });

  it('are not compared with a ticket that has none', () => {
    expect(wordsMismatch(imageTicket, ticket)).toBeUndefined();
  });
});
