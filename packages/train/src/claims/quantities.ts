import type { StageManifest } from '../store/stage.js';

export const quantityNames = [
  'test-accuracy',
  'test-macro-f1',
  'early-stop-iteration',
  'validation-loss',
] as const;

export type QuantityName = (typeof quantityNames)[number];

type Measurement = StageManifest['metrics']['best'];

/**
 * What claims are about, each at the iteration of least validation loss: shares 0 to 1, steps, nats. Macro-F1 is undefined
 * in runs from before it was measured.
 */
export const quantities: Readonly<Record<QuantityName, (best: Measurement) => number | undefined>> = {
  'test-accuracy': ({ testAccuracy }) => testAccuracy,
  'test-macro-f1': ({ testMacroF1 }) => testMacroF1,
  'early-stop-iteration': ({ iteration }) => iteration,
  'validation-loss': ({ validationLoss }) => validationLoss,
};
