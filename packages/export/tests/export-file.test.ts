import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel } from '@winning-tickets/onnx';
import { decodeTicket } from '@winning-tickets/ticket';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportBytes, exportFile } from '../src/index.js';
import { testDataset } from './support/dataset.js';
import { runtime } from './support/runtime.js';
import { sampleEncodings, smallNetwork, ticketBytes } from './support/tickets.js';

const content = ticketBytes({ network: smallNetwork, densities: () => 0.5, seed: 41 });
const ticket = decodeTicket(content, 'ticket');

let folder: string;
let ticketPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  ticketPath = join(folder, 'a.ticket');
  await writeFile(ticketPath, content);
});

afterEach(() => rm(folder, { recursive: true }));

describe('exporting a file', () => {
  it('writes the bytes of the model, and says what it wrote', async () => {
    for (const encoding of sampleEncodings) {
      const file = join(folder, `${encoding}.onnx`);
      const bytes = exportBytes(ticket, encoding);
      expect(await exportFile(ticketPath, encoding, file)).toEqual({
        file,
        encoding,
        density: ticket.metadata.density,
        bytes: bytes.length,
      });
      expect(Buffer.compare(await readFile(file), bytes)).toBe(0);
    }
  });

  it('names the file by what it holds in a folder, which is made where it is missing', async () => {
    const out = join(folder, 'new', 'exports');
    const { file } = await exportFile(ticketPath, 'compact', out, { encodingOptions: { liveInputs: true } });
    const density = Number(ticket.metadata.density.toPrecision(3));
    const name = `small-trial1-iterative-level3-density${density}-compact-live-inputs.onnx`;
    expect(file).toBe(join(out, name));
    expect(await readdir(out)).toEqual([name]);
  });

  it('takes a folder for a folder even if its name ends in .onnx', async () => {
    const out = join(folder, 'models.onnx');
    await mkdir(out);
    const { file } = await exportFile(ticketPath, 'dense', out);
    expect(file.startsWith(out)).toBe(true);
    expect(await readdir(out)).toHaveLength(1);
  });

  it('can be done again, with the same file as the result', async () => {
    const proof = { dataset: testDataset(ticket, 40, 1), run: runtime };
    const first = await exportFile(ticketPath, 'compact', folder, { proof });
    const before = await readFile(first.file);
    expect(await exportFile(ticketPath, 'compact', folder, { proof })).toEqual(first);
    expect(Buffer.compare(await readFile(first.file), before)).toBe(0);
  });

  it('writes what a proof measured into the metadata', async () => {
    const proof = { dataset: testDataset(ticket, 40, 1), run: runtime };
    const { file, check, bytes } = await exportFile(ticketPath, 'compact', folder, { proof });
    const written = await readFile(file);
    const { metadata } = decodeModel(written, file);
    expect(bytes).toBe(written.length);
    expect(check).toMatchObject({ samples: 40, equal: true });
    expect(JSON.parse(metadata['tickets.check'] ?? '')).toEqual(check);
    expect(metadata['tickets.test.samples']).toBe('40');
    expect(metadata['tickets.test.accuracy']).toBe(String(check?.accuracy));
    expect(metadata['tickets.test.loss']).toBe(String(check?.loss));
  });

  it('writes nothing when the model is not equal to the trained network', async () => {
    let loaded = 0;
    const run: typeof runtime = async (bytes) => {
      const right = await runtime(bytes);
      loaded += 1;
      if (loaded === 1) return right;
      return async (inputs) => {
        const { logits } = await right(inputs);
        logits?.data.fill(7 as never);
        return logits ? { logits } : {};
      };
    };
    const proof = { dataset: testDataset(ticket, 40, 1), run };
    await expect(exportFile(ticketPath, 'dense', join(folder, 'out'), { proof })).rejects.toThrow(
      `${ticketPath}: the dense model is not equal to the trained network: a logit differs by `,
    );
    expect(await readdir(folder)).toEqual(['a.ticket']);
  });
});

describe('what is there already', () => {
  it('stays when it is not an export', async () => {
    const file = join(folder, 'mine.onnx');
    await writeFile(file, 'my own model');
    await expect(exportFile(ticketPath, 'dense', file)).rejects.toThrow(
      `${file}: holds something else than an export; choose another name or remove it first`,
    );
    expect(await readFile(file, 'utf8')).toBe('my own model');
  });

  it('stays when it is the export of another ticket, unless told otherwise', async () => {
    const other = join(folder, 'b.ticket');
    await writeFile(other, ticketBytes({ network: smallNetwork, densities: () => 0.5, seed: 42 }));
    const file = join(folder, 'model.onnx');
    await exportFile(other, 'dense', file);
    await expect(exportFile(ticketPath, 'dense', file)).rejects.toThrow(
      /holds an export of ticket [0-9a-f]{12};/,
    );
    await exportFile(ticketPath, 'dense', file, { overwrite: true });
    expect(decodeModel(await readFile(file), file).metadata['tickets.ticket']).toBe(ticket.hash);
  });

  it('is replaced when it is an export of the same ticket', async () => {
    const file = join(folder, 'model.onnx');
    await exportFile(ticketPath, 'dense', file);
    await exportFile(ticketPath, 'sparse', file);
    expect(decodeModel(await readFile(file), file).metadata['tickets.encoding']).toBe('sparse');
  });

  it('is not written over when it is a file that is no model by its name', async () => {
    await expect(exportFile(ticketPath, 'dense', ticketPath)).rejects.toThrow(
      `${ticketPath}: is a file, expected a folder or a name that ends in .onnx`,
    );
  });
});

describe('a ticket that cannot be used', () => {
  it('is refused with its name when it is cut short or foreign', async () => {
    for (const bytes of [content.subarray(0, content.length - 5), Buffer.from('hello'), Buffer.alloc(0)]) {
      await writeFile(ticketPath, bytes);
      await expect(exportFile(ticketPath, 'dense', join(folder, 'x.onnx'))).rejects.toThrow(ticketPath);
    }
    expect(await readdir(folder)).toEqual(['a.ticket']);
  });

  it('is refused with its name when it is missing', async () => {
    const missing = join(folder, 'none.ticket');
    await expect(exportFile(missing, 'dense', folder)).rejects.toThrow(missing);
  });
});
