import type { DatasetSource, TextOptions } from '@winning-tickets/datasets';
import type { TicketMetadata } from '@winning-tickets/ticket';
import { z } from 'zod';

/** A data set's source, and the checksum that its files must have. */
export interface RecordedData extends DatasetSource {
  readonly checksum: string;
}

// Only what is needed of it: the experiment may name a network that is not known here. Options for text are checked where
// they are used.
const experimentSchema = z.object({
  dataset: z.object({
    directory: z.string().exactOptional(),
    text: z.custom<TextOptions>().exactOptional(),
  }),
});

/** The data set that a ticket was trained on, divided and read as it was then. */
export function recordedData({ dataset, experiment }: TicketMetadata): RecordedData {
  const { id, checksum, split } = dataset;
  const { data } = experimentSchema.safeParse(experiment);
  const { text } = dataset;
  const recorded = { ...data?.dataset, ...(text ? { text } : {}) };
  return { id, checksum, validation: split.validation, splitSeed: split.seed, ...recorded };
}
