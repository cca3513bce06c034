import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDataset } from '@winning-tickets/datasets';
import { decodeModel, encodeModel } from '@winning-tickets/onnx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawnTicket } from './drawn-ticket.js';
import { tickets, workplace } from './tickets.js';

const source = { id: 'reuters-46', validation: 898, splitSeed: 0 } as const;
const split = { seed: 0, validation: 898 };
const sequences = { kind: 'sequence', words: 300, length: 30 } as const;
const bags = { kind: 'bag', words: 300, weights: 'tf-idf' } as const;

/** A run of two short trainings over the first words of news. */
const experiment = {
  name: 'news',
  dataset: { ...source, text: sequences },
  network: {
    name: 'words',
    input: [30],
    layers: [
      { kind: 'embedding', vocabulary: 302, size: 8 },
      { kind: 'globalmaxpool' },
      { kind: 'dense', units: 46 },
    ],
  },
  optimizer: { kind: 'adam', rate: 0.01 },
  iterations: 30,
};

let folder = '';

beforeAll(async () => {
  folder = await workplace(experiment);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await tickets(folder, ...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

async function sentenceOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tickets(folder, ...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr.trimEnd();
}

interface Prediction {
  readonly class: string;
  readonly probability: number;
}
type Predicted = readonly { readonly text?: string; readonly predictions: readonly Prediction[] }[];

const article = 'Wheat exports rose in the U.S., the department said. Oil and gold fell 3.5 pct in the week.';

describe('sequences of words', () => {
  let ticket = '';
  let model = '';

  beforeAll(async () => {
    const summary = (await json('run', 'tiny.json', '--batches', '1', '--repeats', '2')) as {
      readonly run: string;
      readonly exports: readonly { readonly file: string; readonly encoding: string }[];
      readonly latencies: readonly object[];
    };
    // The usual encodings: nothing here takes bags.
    expect(summary.exports.map(({ encoding }) => encoding)).toEqual(['dense', 'dense', 'sparse', 'compact']);
    expect(summary.latencies[0]).toMatchObject({ inputForm: 'sequence', encoding: 'dense' });
    const stage = join(summary.run, 'trial-1', 'iterative', 'level-1');
    const name = (await readdir(join(folder, stage))).find((one) => one.endsWith('.ticket')) ?? '';
    ticket = join(stage, name);
    model = summary.exports.at(-1)?.file ?? '';
  }, 120_000);

  test('a run of them is trained, exported, measured on real documents, and verified', async () => {
    const results = (await json('verify', 'news', ticket, model)) as { sound: boolean; detail: string }[];
    expect(results.filter(({ sound }) => !sound)).toEqual([]);
    expect(await json('show', 'news')).toMatchObject({ kind: 'run' });
  }, 60_000);

  test('their tickets say how text became numbers', async () => {
    expect(await json('show', ticket)).toMatchObject({
      metadata: { dataset: { text: sequences, words: 302 } },
    });
    const { stdout } = await tickets(folder, 'show', ticket);
    expect(stdout).toContain('sequences of 30 words, 302 different numbers');
  });

  test('a text is classified by a model as by its ticket, alone in a folder', async () => {
    await mkdir(join(folder, 'alone'));
    await writeFile(join(folder, 'alone', 'm.onnx'), await readFile(join(folder, model)));
    const [byModel] = (await json('predict', 'alone/m.onnx', '--text', article)) as Predicted;
    const [byTicket] = (await json('predict', ticket, '--text', article)) as Predicted;
    expect(byModel?.text).toBe(article);
    expect(byModel?.predictions).toHaveLength(3);
    byModel?.predictions.forEach((one, place) => {
      expect(byTicket?.predictions[place]?.class).toBe(one.class);
      expect(byTicket?.predictions[place]?.probability).toBeCloseTo(one.probability, 4);
    });
  });
});

describe('bags of words', () => {
  beforeAll(async () => {
    const dataset = await loadDataset({ ...source, text: bags });
    const network = {
      name: 'bags',
      input: [300],
      layers: [{ kind: 'dense', units: 12 }, { kind: 'relu' }, { kind: 'dense', units: 46 }],
    };
    await writeFile(join(folder, 'bags.ticket'), await drawnTicket({ network, dataset, split, text: bags }));
    const files = (await json(
      ...['export', 'bags.ticket', '--encoding', 'dense,sparse,compact,bag,shared-bag', '--out', 'bags'],
    )) as { check: { equal: boolean; samples: number; accuracy: number } }[];
    expect(files).toHaveLength(5);
    for (const { check } of files) expect(check).toMatchObject({ equal: true, samples: 2_246 });
    await json('export', 'bags.ticket', '--encoding', 'bag', '--compact-bag', '--out', 'bags/small.onnx');
  }, 60_000);

  test('a ticket and its models are verified, also where the ticket is not at hand', async () => {
    const together = (await json('verify', 'bags.ticket', 'bags/small.onnx')) as object[];
    expect(together).toMatchObject([{ sound: true }, { sound: true }]);
    const models = (await readdir(join(folder, 'bags'))).map((name) => join('bags', name));
    const alone = (await json('verify', ...models)) as { detail: string }[];
    expect(alone).toHaveLength(6);
    for (const result of alone) {
      expect(result).toMatchObject({ sound: true, detail: expect.stringContaining('not at hand') as string });
    }
  }, 60_000);

  test('models in both forms are measured side by side, with the same accuracy', async () => {
    const names = await readdir(join(folder, 'bags'));
    const files = names
      .filter((name) => /-(dense|bag|shared-bag)\.onnx$/.test(name))
      .map((name) => join('bags', name));
    const { models } = (await json('bench', ...files, '--batches', '1', '--repeats', '2')) as {
      models: readonly { inputForm: string; inputs: string; testAccuracy: { accuracy: number } }[];
    };
    expect(models.map(({ inputForm }) => inputForm).toSorted()).toEqual(['bag', 'dense', 'shared-bag']);
    for (const { inputs, testAccuracy } of models) {
      expect(inputs).toBe('test samples');
      expect(testAccuracy).toEqual(models[0]?.testAccuracy);
    }
  }, 60_000);

  test('a text is classified the same in every form, by its own words', async () => {
    const models = [
      ...(await readdir(join(folder, 'bags'))).map((name) => join('bags', name)),
      'bags.ticket',
    ];
    const all: (Prediction | undefined)[] = [];
    for (const model of models) {
      const [found] = (await json('predict', model, '--text', article, '--top', '1')) as Predicted;
      all.push(found?.predictions[0]);
    }
    for (const one of all) {
      expect(one?.class).toBe(all[0]?.class);
      expect(one?.probability).toBeCloseTo(all[0]?.probability ?? NaN, 4);
    }
  }, 60_000);

  test('a document without a known word is an empty bag, and said to be', async () => {
    await writeFile(join(folder, 'empty.txt'), '');
    const args = ['predict', 'bags/small.onnx', '--text', 'zzyzx', '--text-file', 'empty.txt', '--json'];
    const { code, stdout, stderr } = await tickets(folder, ...args);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'text 1: the model knows none of its words; this is what it makes of nothing\n' +
        'empty.txt: the model knows none of its words; this is what it makes of nothing\n',
    );
    const [text, file] = JSON.parse(stdout) as Predicted;
    expect(text?.predictions).toEqual(file?.predictions);
    expect(text?.predictions[0]?.probability).toBeGreaterThan(0);
  });

  test('people see the text, shortened', async () => {
    const { stdout } = await tickets(folder, 'predict', 'bags.ticket', '--text', article, '--top', '1');
    expect(stdout).toMatch(/^text +class +probability\nWheat exports rose in the U\.S\., the dep… /);
  });

  test('show tells of the text, and does not print all words', async () => {
    const { stdout } = await tickets(folder, 'show', 'bags.ticket');
    expect(stdout).toContain('bags of 300 words, tf-idf');
    const model = await tickets(folder, 'show', 'bags/small.onnx');
    expect(model.stdout).toContain('words: int32 [batch, length]; weights: float32 [batch, length]');
    for (const line of model.stdout.split('\n')) expect(line.length).toBeLessThan(200);
  });
});

describe('what does not go together is refused in one sentence:', () => {
  beforeAll(async () => {
    const dataset = await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 });
    const network = {
      name: 'images',
      input: [28, 28],
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }],
    };
    const drawing = { network, dataset, split: { seed: 0, validation: 5_000 } };
    await writeFile(join(folder, 'images.ticket'), await drawnTicket(drawing));
  });

  test('a text for a model over images, and an image for one over texts', async () => {
    expect(await sentenceOf('predict', 'images.ticket', '--text', article)).toBe(
      'tickets: images.ticket: classifies images, not texts: give --image',
    );
    expect(await sentenceOf('predict', 'bags/small.onnx', '--image', 'seven.png')).toBe(
      'tickets: bags/small.onnx: classifies texts, not images: give --text or --text-file',
    );
  });

  test('the bag encoding for a network over images', async () => {
    expect(await sentenceOf('export', 'images.ticket', '--encoding', 'bag')).toContain(
      "encoding 'bag' is for networks over bags of words, network 'images' takes samples of 2 dimensions",
    );
  });

  test('a file that is no text, or is not there', async () => {
    await writeFile(join(folder, 'latin1.txt'), Buffer.from([0x66, 0xfc, 0x6e, 0x66]));
    expect(await sentenceOf('predict', 'bags.ticket', '--text-file', 'latin1.txt')).toContain(
      'latin1.txt: is not text in UTF-8',
    );
    expect(await sentenceOf('predict', 'bags.ticket', '--text-file', 'none.txt')).toContain(
      'none.txt: there is no such file',
    );
  });

  test.each<[string, string | undefined, string]>([
    ['tickets.vocabulary', undefined, 'its metadata have no tickets.vocabulary'],
    ['tickets.vocabulary', 'a\nb', 'tickets.inputShape must be [2] by its text, found 300 values'],
    ['tickets.wordWeights', undefined, 'one number for each of 300 words, found 0'],
    ['tickets.text', '{"kind":"bags"}', "'text"],
    ['tickets.inputForm', 'boxes', 'must be one of dense, sequence, bag, shared-bag, found boxes'],
    ['tickets.inputForm', undefined, "must take 'input' of [batch, 300], as its metadata say, found"],
    ['tickets.inputForm', 'shared-bag', "must take 'words' of [count] and 'weights' of [batch, count], as"],
  ])('a model whose %s is %j', async (key, value, message) => {
    const { metadata, ...model } = decodeModel(await readFile(join(folder, 'bags/small.onnx')), 'small');
    const { [key]: _, ...rest } = metadata;
    const changed = value === undefined ? rest : { ...rest, [key]: value };
    await writeFile(join(folder, 'odd.onnx'), encodeModel({ ...model, metadata: changed }));
    expect(await sentenceOf('predict', 'odd.onnx', '--text', article)).toContain(message);
  });

  test('a model or ticket with other words than the data have', async () => {
    const { metadata, ...model } = decodeModel(await readFile(join(folder, 'bags/small.onnx')), 'small');
    const words = (metadata['tickets.vocabulary'] ?? '').split('\n').with(5, 'changed');
    const changed = { ...metadata, 'tickets.vocabulary': words.join('\n') };
    await writeFile(join(folder, 'words.onnx'), encodeModel({ ...model, metadata: changed }));
    const outcome = await tickets(folder, 'verify', 'words.onnx');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /the words of reuters-46 here are not its own: word 5 must be "changed", found "/,
    );

    const dataset = await loadDataset({ ...source, text: bags });
    const other = { ...dataset, vocabulary: dataset.vocabulary?.with(7, 'changed') ?? [] };
    const network = { name: 'bags', input: [300], layers: [{ kind: 'dense', units: 46 }] };
    const bytes = await drawnTicket({ network, dataset: other, split, text: bags });
    await writeFile(join(folder, 'words.ticket'), bytes);
    const verified = await tickets(folder, 'verify', 'words.ticket');
    expect(verified.code).toBe(1);
    expect(verified.stderr).toMatch(
      /the words of reuters-46 here are not those that it was trained on: word 7 must be "changed", found "/,
    );
    expect(await sentenceOf('export', 'words.ticket')).toMatch(
      /the words of reuters-46 are not those that the ticket was trained on: word 7 must be "changed"/,
    );
  });
});
