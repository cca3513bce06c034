export { forward, resolveNetwork, tensorsOf, withInner } from './network.js';
export type { Network, NetworkBuffer, NetworkSpec, Parameter, ResolvedLayer, Training } from './network.js';
export type { LayerSpec } from './layers/layer-spec.js';
export { layerKinds, registerLayer } from './layers/registry.js';
export type * from './layers/layer.js';
export { elementwiseLayer } from './layers/elementwise.js';
export { namedNetwork, networkNames, registerNetwork } from './networks/registry.js';
export type { NamedNetwork } from './networks/registry.js';
export {
  applyMask,
  applyMasks,
  density,
  fullMask,
  fullMasks,
  intersection,
  layerDensities,
  overlap,
  survivors,
  union,
} from './mask.js';
export type { Mask, Masks } from './mask.js';
export { parse } from './parse.js';
export { nearest, suggestion } from './nearest.js';
export { compactNetwork } from './compact.js';
export type { CompactNetwork } from './compact.js';
export { foldNetwork } from './fold.js';
export type { FoldedNetwork } from './fold.js';
export { liveStructure } from './live-structure.js';
export type { LiveCount, LiveStructure } from './live-structure.js';
export { pathWeights, strongestInputs } from './path-weights.js';
export { survivorMaps } from './survivor-maps.js';
export type { SurvivorMap } from './survivor-maps.js';
export { usedPart } from './used-part.js';
export type { UsedPart } from './used-part.js';
export { decodeSafetensors, encodeSafetensors } from './safetensors.js';
export type { SafetensorsFile } from './safetensors.js';
export { decodeTicket, encodeTicket, readTicket, ticketFileName } from './ticket-file.js';
export type { EncodedTicket, Ticket } from './ticket-file.js';
export { wordsMismatch } from './words.js';
export type { Words } from './words.js';
export type { TicketMetadata, TicketMetrics } from './ticket-metadata.js';
export { canonicalJson } from './canonical-json.js';
export { agreement, answersOf } from './agreement.js';
export type { Agreement, Labels } from './agreement.js';
