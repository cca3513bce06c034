import type { Model } from '@winning-tickets/onnx';
import { IR_VERSION, OPSET, checkModel, encodeModel } from '@winning-tickets/onnx';
import type { EncodingOptions, Ranges, Subnetwork } from './encodings/encoding.js';
import { resolveOptions } from './encodings/options.js';
import { encodingNamed } from './encodings/registry.js';
import { producer, ticketMetadata } from './metadata.js';
import type { SealedTicket } from './sealed-ticket.js';

/**
 * A ticket's trained network (the weights of the least validation loss) as an ONNX model.
 *
 * The model takes `input`, float32 `[batch, ...inputShape]`, already scaled by `tickets.inputScale`, for any batch, or
 * words as its `tickets.inputForm` says (see `InputForm`); it gives `logits`, float32 `[batch, classes]`. For its metadata see `ticketMetadata`.
 *
 * @param encoding one of `encodingNames()`.
 * @param ranges of activations, for an encoding that rounds them; see `calibrate`.
 * @throws Error for an unknown encoding or option, naming the nearest known one, and for a network that the encoding
 *   does not take.
 */
export function exportTicket(
  ticket: SealedTicket,
  encoding: string,
  options: EncodingOptions = {},
  ranges?: Ranges,
): Model {
  const named = encodingNamed(encoding);
  const { graph, metadata } = named.build(ticket, resolveOptions(named, options), ranges);
  return {
    graph,
    metadata: ticketMetadata(ticket, named.name, metadata),
    producer,
    opset: OPSET,
    irVersion: IR_VERSION,
  };
}

/**
 * The bytes of an ONNX file of a masked network that comes from no ticket, such as a synthetic one: inputs and outputs as
 * `exportTicket` has them, no metadata but the encoding's name.
 *
 * @param ranges of activations, for an encoding that rounds them; see `calibrateSubnetwork`
 * @throws as `exportTicket` does
 */
export function encodeSubnetwork(
  subnetwork: Subnetwork,
  encoding: string,
  options: EncodingOptions = {},
  ranges?: Ranges,
): Uint8Array {
  const named = encodingNamed(encoding);
  const { graph } = named.build(subnetwork, resolveOptions(named, options), ranges);
  const metadata = { 'tickets.encoding': named.name };
  return soundBytes({ graph, metadata, producer, opset: OPSET, irVersion: IR_VERSION });
}

/** The bytes of an ONNX file of a ticket; the same ticket, encoding and options give the same bytes. See `exportTicket`. */
export function exportBytes(
  ticket: SealedTicket,
  encoding: string,
  options: EncodingOptions = {},
  ranges?: Ranges,
): Uint8Array {
  return soundBytes(exportTicket(ticket, encoding, options, ranges));
}

/** A model as bytes. @throws Error when it breaks a rule of the ONNX specification: no such file is ever written. */
export function soundBytes(model: Model): Uint8Array {
  const [problem] = checkModel(model);
  if (problem !== undefined) throw new Error(`the exported model is not valid ONNX: ${problem}`);
  return encodeModel(model);
}
