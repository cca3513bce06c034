import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensors } from '@winning-tickets/onnx';
import { float32, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ticket, TicketMetadata } from '../src/index.js';
import {
  decodeSafetensors,
  decodeTicket,
  encodeSafetensors,
  encodeTicket,
  readTicket,
  ticketFileName,
} from '../src/index.js';
import { computeSeal } from '../src/seal.js';
import { ticket } from './support/ticket.js';

const { bytes, hash } = encodeTicket(ticket);

function without<V>(record: Readonly<Record<string, V>>, name: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

describe('a ticket file', () => {
  it('gives back the ticket and its hash', () => {
    expect(decodeTicket(bytes, 'x.ticket')).toEqual({ ...ticket, hash });
  });

  it('keeps rewind weights when there are some', () => {
    const rewound: Ticket = { ...ticket, rewind: ticket.trained };
    expect(decodeTicket(encodeTicket(rewound).bytes, 'x').rewind).toEqual(ticket.trained);
  });

  it('has the same bytes for the same ticket, whatever the order of keys', () => {
    const reversed = <T extends object>(record: T): T =>
      Object.fromEntries(Object.entries(record).reverse()) as T;
    const again = encodeTicket({
      ...ticket,
      metadata: reversed(ticket.metadata),
      initial: reversed(ticket.initial),
      masks: reversed(ticket.masks),
    });
    expect(again.bytes).toEqual(bytes);
    expect(again.hash).toBe(hash);
  });

  it('keeps its seal over time', () => {
    expect(hash).toMatchInlineSnapshot(`"91f201b15b8454612ce1b517d12494f9a0cae688978e6368065aa3ea4b4cb63a"`);
  });

  it('is called by the first digits of its hash', () => {
    expect(ticketFileName('0123456789abcdef')).toBe('ticket-0123456789ab.ticket');
  });

  it('may be stored anew by another tool, its tensors in another order', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'x');
    const reordered = Object.fromEntries(Object.entries(tensors).reverse());
    expect(computeSeal({ tensors: reordered, metadata })).toBe(hash);
  });
});

describe('a ticket file that was changed', () => {
  it('in any one byte is refused', () => {
    const position = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = bytes.slice();
        changed[index] = (changed[index] ?? 0) ^ change;
        expect(() => decodeTicket(changed, 'x.ticket')).toThrow(/^x\.ticket[^\n]+$/);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  // Bit 5 is what letters differ in by case, and much of JSON's punctuation from others.
  it.each([0, 5])('in bit %i of any byte of its header is refused', (bit) => {
    const headerEnd = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const accepted: number[] = [];
    for (let index = 0; index < headerEnd; index++) {
      const changed = bytes.slice();
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      try {
        decodeTicket(changed, 'x.ticket');
        accepted.push(index);
      } catch {
        // Refused, as it should be.
      }
    }
    expect(accepted).toEqual([]);
  });

  it('by cutting or adding bytes is refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(() => decodeTicket(bytes.slice(0, length), 'x.ticket')).toThrow(/^x\.ticket: [^\n]+$/);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(() => decodeTicket(Buffer.concat([bytes, Buffer.alloc(1)]), 'x.ticket')).toThrow('the file has');
  });

  it('says which seal was found and which computed', () => {
    const changed = bytes.slice();
    changed[bytes.length - 1] = 1 - (changed[bytes.length - 1] ?? 0);
    expect(() => decodeTicket(changed, 'x.ticket')).toThrow(
      new RegExp(
        `^x\\.ticket was changed after it was written: seal ${hash.slice(0, 12)}… found, [0-9a-f]{12}… computed; `,
      ),
    );
  });

  it('by taking the seal away is refused', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'x');
    const unsealed = encodeSafetensors(tensors, without(metadata, 'seal'));
    expect(() => decodeTicket(unsealed, 'x.ticket')).toThrow('x.ticket: has no seal');
  });
});

describe('a ticket that contradicts itself is not written', () => {
  const withMetadata = (change: object) => ({
    ...ticket,
    metadata: { ...ticket.metadata, ...change } as TicketMetadata,
  });
  const weight = 'fc1.weight';
  const bits = ticket.masks[weight]?.data ?? new Uint8Array();

  it.each<[string, Ticket, string]>([
    [
      'a missing tensor',
      { ...ticket, best: without(ticket.best, weight) },
      "tensor 'best/fc1.weight' is missing",
    ],
    ['a missing mask', { ...ticket, masks: without(ticket.masks, weight) }, "'mask/fc1.weight' is missing"],
    [
      'a tensor too many',
      { ...ticket, initial: { ...ticket.initial, x: float32([1]) } },
      "tensor 'initial/x' is not in the network",
    ],
    [
      'a buffer that no layer has',
      { ...ticket, best: { ...ticket.best, x: float32([1]) } },
      "tensor 'best/x' is not in the network",
    ],
    [
      'half of the rewind weights',
      { ...ticket, rewind: without(ticket.initial, weight) },
      "'rewind/fc1.weight' is missing",
    ],
    [
      'another shape',
      { ...ticket, trained: { ...ticket.trained, 'fc1.bias': float32([1]) } },
      "tensor 'trained/fc1.bias' must be float32 [3], found float32 [1]",
    ],
    [
      'a mask of 2',
      {
        ...ticket,
        masks: {
          ...ticket.masks,
          [weight]: tensor(
            'uint8',
            [4, 3],
            bits.map((bit) => bit * 2),
          ),
        },
      },
      "tensor 'mask/fc1.weight' must hold 0 and 1, found 2 at 1",
    ],
    [
      'a masked weight that is not zero',
      { ...ticket, trained: ticket.initial },
      "tensor 'trained/fc1.weight' must be 0 where it is masked, found 1 at element 0",
    ],
    ['another density', withMetadata({ density: 0.4 }), "metadata 'density' is 0.4, the masks keep 0.5"],
    ['an unknown key', withMetadata({ levle: 1 }), "unknown key 'levle'; did you mean 'level'?"],
    ['another format', withMetadata({ format: 'winning-tickets/2' }), `must be one of "winning-tickets/1"`],
    [
      'no experiment',
      withMetadata({ experiment: undefined }),
      "'experiment' must be valid (any JSON), found nothing",
    ],
    ['a loss that is not a number', withMetadata({ experiment: { loss: NaN } }), "JSON cannot hold 'loss'"],
    [
      'an impossible network',
      withMetadata({ network: { name: 'n', input: [4], layers: [{ kind: 'tan' }] } }),
      "did you mean 'tanh'?",
    ],
  ])('%s', (_title, wrong, message) => {
    expect(() => encodeTicket(wrong)).toThrow(message);
  });
});

describe('a file with a true seal that is no valid ticket is refused:', () => {
  const { tensors, metadata } = decodeSafetensors(bytes, 'x');

  it.each<[string, Tensors, Record<string, string>, string]>([
    ['a tensor of no group', { other: float32([1]) }, {}, "tensor 'other' belongs to no part of a ticket"],
    ['a tensor too many', { 'initial/x': float32([1]) }, {}, "tensor 'initial/x' is not in the network"],
    [
      'a mask of floats',
      { 'mask/fc1.weight': float32([1]) },
      {},
      "'mask/fc1.weight' must be uint8, found float32",
    ],
    ['metadata that are not JSON', {}, { level: '3 ' + '}' }, "metadata 'level' is not valid JSON"],
    ['metadata of another type', {}, { level: '"3"' }, `'level' must be of type number, found "3"`],
    ['metadata nobody knows', {}, { colour: '1' }, "unknown key 'colour'"],
    ['another density', {}, { density: '0.25' }, "'density' is 0.25, the masks keep 0.5"],
  ])('%s', (_title, moreTensors, moreMetadata, message) => {
    const content = { tensors: { ...tensors, ...moreTensors }, metadata: { ...metadata, ...moreMetadata } };
    const wrong = encodeSafetensors(content.tensors, { ...content.metadata, seal: computeSeal(content) });
    expect(() => decodeTicket(wrong, 'x.ticket')).toThrow(message);
    expect(() => decodeTicket(wrong, 'x.ticket')).toThrow(/^x\.ticket[^\n]+$/);
  });
});

describe('reading a ticket file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ticket-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the ticket', async () => {
    const path = join(folder, ticketFileName(hash));
    await writeFile(path, bytes);
    expect(await readTicket(path)).toEqual({ ...ticket, hash });
  });

  it('refuses files above 2 GiB without reading them', async () => {
    const path = join(folder, 'large.ticket');
    await writeFile(path, '');
    await truncate(path, 2 ** 31);
    await expect(readTicket(path)).rejects.toThrow('has 2147483648 bytes');
  });

  it('says when there is no such file, or when it is a folder', async () => {
    await expect(readTicket(join(folder, 'none.ticket'))).rejects.toThrow(/none\.ticket: cannot be read/);
    await expect(readTicket(folder)).rejects.toThrow('not a file');
  });
});
