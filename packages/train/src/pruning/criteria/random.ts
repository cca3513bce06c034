import type { Criterion } from './criterion.js';

/** Chance, as the control that training decides anything: the same counts in every layer. */
export const random: Criterion = {
  name: 'random',
  summary: 'weights drawn at random survive, as many in every layer',
  items: 'weights',
  scores: ({ trained, random: stream }) => trained.map(() => stream.uniform()),
};
