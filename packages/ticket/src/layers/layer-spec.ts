import { z } from 'zod';

/** A layer as it is written down: its kind, a name when it has one, and the options of its kind. */
export interface LayerSpec {
  readonly kind: string;
  readonly name?: string;
  readonly [option: string]: unknown;
}

// Names become parts of tensor names, in which '/' and '.' separate.
const layerName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/);

/** The outer form of layers one after the other; the options of each are checked against its kind afterwards. */
export const layerList = z.array(z.looseObject({ kind: z.string(), name: layerName.exactOptional() }));
