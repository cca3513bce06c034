import { z } from 'zod';
import { networkSchema } from './network.js';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const measurement = z.strictObject({
  /** Training steps done. */
  iteration: count,
  /** Mean cross-entropy in nats. */
  validationLoss: z.number(),
  /** Share classified correctly, 0 to 1. */
  validationAccuracy: share,
  testLoss: z.number(),
  testAccuracy: share,
  /** F1, the mean over the classes; absent in tickets from before it was measured. */
  validationMacroF1: share.exactOptional(),
  testMacroF1: share.exactOptional(),
  /** F1 of all classes together, where samples have sets of classes. */
  validationMicroF1: share.exactOptional(),
  testMicroF1: share.exactOptional(),
});

const metricsSchema = z.strictObject({
  /** At the iteration of least validation loss: what is exported. */
  best: measurement,
  /** After the last iteration: what is pruned. */
  end: measurement,
});

/** What a ticket file says about its tensors, one JSON text per key. */
export const ticketMetadataSchema = z.strictObject({
  format: z.literal('winning-tickets/1'),
  network: networkSchema,
  dataset: z.strictObject({
    id: z.string().min(1),
    /** SHA-256 over the data set's files, in hex. */
    checksum: z.string().min(1),
    classNames: z.array(z.string()).readonly(),
    /** Shape of one sample, without the batch dimension. */
    inputShape: z.array(z.int().min(1)).readonly(),
    /** Stored values times this enter the network. */
    inputScale: z.number(),
    /** Numbers of samples, and the seed that drew the validation samples. */
    split: z.strictObject({ seed: z.int(), train: count, validation: count, test: count }),
  }),
  /** The resolved experiment, as JSON. */
  experiment: z.custom<unknown>((value) => value !== undefined, 'any JSON'),
  trial: count,
  branch: z.string().min(1),
  level: count,
  seed: z.int(),
  /** Share of prunable weights that survive, 0 to 1. */
  density: share,
  metrics: metricsSchema,
  /** Version of each piece of software that took part, by name. */
  software: z.record(z.string(), z.string()),
});

export type TicketMetadata = Readonly<z.output<typeof ticketMetadataSchema>>;
export type TicketMetrics = Readonly<z.output<typeof metricsSchema>>;
