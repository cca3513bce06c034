import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tickets, workplace } from './tickets.js';

/** A collection in the form of Reuters-21578, made up: a topic is there where its word is. */
const topics = ['earn', 'grain', 'wheat'];
const articles = Array.from({ length: 120 }, (_, id) => {
  const own = topics.filter((_topic, place) => (id >> place) % 2 === 1);
  const list = own.map((topic) => `<D>${topic}</D>`).join('');
  const attributes = `TOPICS="YES" LEWISSPLIT="${id < 80 ? 'TRAIN' : 'TEST'}" OLDID="${id + 1}" NEWID="${id + 1}"`;
  const body = `about ${own.map((topic) => `${topic}x`).join(' ')} number${id}`;
  return `<REUTERS ${attributes}>\n<TOPICS>${list}</TOPICS>\n<TEXT>&#2;\n<BODY>${body}\n&#3;</BODY></TEXT>\n</REUTERS>\n`;
});

const experiment = {
  name: 'sets',
  dataset: {
    ...{ id: 'modapte-90', directory: 'news', validation: 10, splitSeed: 0 },
    text: { kind: 'bag', words: 20, weights: 'binary' },
  },
  network: {
    name: 'bags',
    input: [20],
    layers: [{ kind: 'dense', units: 8 }, { kind: 'relu' }, { kind: 'dense', units: 3 }],
  },
  optimizer: { kind: 'adam', rate: 0.02 },
  batchSize: 10,
  iterations: 120,
  evaluateEvery: 40,
};

let folder = '';

beforeAll(async () => {
  folder = await workplace(experiment);
  await mkdir(join(folder, 'news'));
  await writeFile(join(folder, 'news', 'reut2-000.sgm'), `<!DOCTYPE lewis>\n${articles.join('')}`);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('a network whose samples have sets of classes is trained, exported, measured, verified, and asked', async () => {
  const run = await tickets(folder, 'run', 'tiny.json', '--batches', '1', '--repeats', '2', '--json');
  expect(run.code, run.stderr).toBe(0);
  const { exports, latencies, ...summary } = JSON.parse(run.stdout) as {
    readonly run: string;
    readonly exports: readonly { readonly file: string; readonly check: { readonly f1: object } }[];
    readonly latencies: readonly { readonly testAccuracy: number }[];
  };
  for (const { check } of exports) {
    expect(check).toMatchObject({
      equal: true,
      sameAnswers: 1,
      f1: { microF1: expect.any(Number) as number },
    });
  }
  for (const { testAccuracy } of latencies) expect(testAccuracy).toBeGreaterThan(0.9);
  const verified = await tickets(folder, 'verify', summary.run);
  expect(verified.code, verified.stderr + verified.stdout).toBe(0);
  const model = exports.at(-1)?.file ?? '';
  const predicted = await tickets(folder, 'predict', model, '--text', 'about wheatx earnx', '--json');
  const [{ predictions }] = JSON.parse(predicted.stdout) as [
    { predictions: { class: string; probability: number }[] },
  ];
  const likely = predictions.filter(({ probability }) => probability > 0.5);
  expect(likely.map((one) => one.class).toSorted()).toEqual(['earn', 'wheat']);
}, 120_000);
