import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type DatasetFacts,
  checkAgainstDataset,
  networkOf,
  parseExperiment,
  trialSeed,
} from '../src/experiment.js';
import { briefest, experimentOf } from './experiments.js';

const mnist: DatasetFacts = {
  id: 'mnist',
  inputShape: [28, 28],
  classNames: Array.from({ length: 10 }, (_, digit) => `${digit}`),
  train: { inputs: { dtype: 'uint8' }, labels: { shape: [55_000] } },
};

const inline = {
  name: 'mine',
  input: [28, 28],
  layers: [{ kind: 'flatten' }, { kind: 'dense', name: 'out', units: 10 }],
};

describe('an experiment', () => {
  test('has every hyperparameter, those left out at their defaults', () => {
    expect(parseExperiment(briefest, 'file.json')).toEqual({
      ...briefest,
      dataset: { id: 'mnist', validation: 5000, splitSeed: 0 },
      engine: 'onnx',
      threads: 1,
      device: 'cpu',
      together: 1,
      compact: true,
      optimizer: { kind: 'adam', rate: 0.0012, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      pruning: {
        criterion: 'magnitude',
        scope: 'layer',
        rate: 0.2,
        layerRates: { fc3: 0.1 },
        kindRates: {},
        levels: 15,
      },
      branches: [],
    });
  });

  test('lets weights compete across layers where the criterion is one at initialisation, unless it says otherwise', () => {
    const scopeOf = (pruning: object) =>
      experimentOf({ pruning: { rate: 0.2, levels: 3, ...pruning } }).pruning.scope;
    expect(['snip', 'grasp', 'synflow'].map((criterion) => scopeOf({ criterion }))).toEqual([
      'global',
      'global',
      'global',
    ]);
    expect(scopeOf({ criterion: 'snip', scope: 'layer' })).toBe('layer');
    expect(scopeOf({ criterion: 'random' })).toBe('layer');
  });

  test('once resolved is its own resolution, from a file too', () => {
    const resolved = experimentOf({
      branches: [{ kind: 'one-shot', levels: [3] }],
      network: inline,
      pruning: { rate: 0.5, levels: 3 },
    });
    expect(parseExperiment(JSON.parse(JSON.stringify(resolved)), 'file.json')).toEqual(resolved);
  });

  test('may have its data in a folder of the user', () => {
    expect(experimentOf({ dataset: { id: 'mnist', directory: '/data' } }).dataset.directory).toBe('/data');
  });

  test('trains a network by its name, in the shape of the data', () => {
    const network = networkOf(experimentOf(), { ...mnist, classNames: ['a', 'b'] });
    expect(network.inputShape).toEqual([28, 28]);
    expect(network.outputShape).toEqual([2]);
  });

  test('trains a network that is spelt out', () => {
    const experiment = experimentOf({ network: inline, pruning: { rate: 0.2, levels: 3 } });
    expect(networkOf(experiment, mnist).parameters.map(({ name }) => name)).toEqual([
      'out.weight',
      'out.bias',
    ]);
  });

  test('fits data with enough samples', () => {
    expect(() => {
      checkAgainstDataset(experimentOf({ batchSize: 55_000 }), mnist, 'file.json');
    }).not.toThrow();
  });
});

describe('the experiments that come with the project', () => {
  const folder = new URL('../../../experiments/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

  test('include the one for newcomers and that of the paper', () => {
    expect(files).toEqual(expect.arrayContaining(['lenet-mnist.json', 'quick.json']));
  });

  test.each(files)(
    '%s is valid, fits its data, is called like its file and leaves nothing implicit',
    (file) => {
      const experiment = parseExperiment(read(file), file);
      if (experiment.dataset.id === 'mnist') checkAgainstDataset(experiment, mnist, file);
      expect(`${experiment.name}.json`).toBe(file);
      expect(read(file)).toEqual(experiment);
    },
  );
});

describe('the seed of a trial', () => {
  test('is what it has always been', () => {
    expect(trialSeed({ seed: 0 }, 1)).toBe(2901124702);
  });

  test('is another for another trial or another experiment seed, and the same for the same', () => {
    const seeds = [1, 2, 3].flatMap((seed) => [1, 2, 3].map((trial) => trialSeed({ seed }, trial)));
    expect(new Set(seeds).size).toBe(9);
    expect(trialSeed({ seed: 2 }, 3)).toBe(seeds[5]);
  });
});

describe('malformed', () => {
  const refusal = (changes: Record<string, unknown>): string => {
    try {
      parseExperiment({ ...briefest, ...changes }, 'my.json');
    } catch (error) {
      return (error as Error).message;
    }
    return 'not refused';
  };
  const pruning = (changes: Record<string, unknown>) => ({ pruning: { ...briefest.pruning, ...changes } });

  test.each([
    [{ thread: 2 }, `my.json: unknown key 'thread'; did you mean 'threads'?`],
    [{ colour: 'red' }, /^my.json: unknown key 'colour'/],
    [
      pruning({ layerrates: {} }),
      `my.json: unknown key 'layerrates' in 'pruning'; did you mean 'layerRates'?`,
    ],
    [{ dataset: { id: 'mnist', folder: '.' } }, /^my.json: unknown key 'folder' in 'dataset'/],
    [
      { optimizer: { kind: 'adam', rate: 1, beta: 1 } },
      `my.json: optimizer: unknown key 'beta'; did you mean 'beta1'?`,
    ],
    [{ optimizer: undefined }, /^my.json: optimizer: .* found nothing$/],
    [{ network: 'lenet-300' }, `my.json: unknown network 'lenet-300'; did you mean 'lenet-300-100'?`],
    [{ network: 7 }, /^my.json: network: the value must be of type object, found 7$/],
    [{ network: undefined }, /^my.json: network: the value must be of type object, found nothing$/],
    [
      { network: { ...inline, layers: [{ kind: 'dens' }] } },
      /^my.json: network 'mine', .*did you mean 'dense'\?$/,
    ],
    [{ name: '../elsewhere' }, /^my.json: 'name' must be text that matches .* found "..\/elsewhere"$/],
    [
      { engine: 'tfjs', device: 'wasm', threads: 2 },
      'my.json: threads is 2, but WebAssembly computes on one thread in Node.js: set it to 1',
    ],
    [
      { engine: 'tfjs', together: 2 },
      "my.json: together is 2, but the engine 'tfjs' trains one network at a time: leave it out",
    ],
    [
      { engine: 'tfjs', device: 'cuda' },
      /^my.json: unknown device 'cuda' of engine 'tfjs'.*: it has cpu, gpu, wasm$/,
    ],
    [{ engine: 'abacus' }, `my.json: 'engine' must be one of "onnx", "tfjs", found "abacus"`],
    [{ device: 'gpu' }, /^my.json: unknown device 'gpu' of engine 'onnx'.*: it has cpu, cuda, webgpu$/],
    [{ threads: 0 }, `my.json: 'threads' must be at least 1, found 0`],
    [{ together: 0 }, `my.json: 'together' must be at least 1, found 0`],
    [
      {
        together: 2,
        dataset: { id: 'reuters-46', text: { kind: 'bag', words: 100, weights: 'binary' } },
      },
      /^my.json: together is 2, but trainings over bags of words cannot run together, .*: leave it out$/,
    ],
    [{ batchSize: 0 }, `my.json: 'batchSize' must be at least 1, found 0`],
    [{ iterations: 0 }, `my.json: 'iterations' must be at least 1, found 0`],
    [{ iterations: 1.5 }, /^my.json: 'iterations' must be of type int.*, found 1.5$/],
    [{ trials: 0 }, `my.json: 'trials' must be at least 1, found 0`],
    [{ seed: -1 }, `my.json: 'seed' must be at least 0, found -1`],
    [{ seed: '1' }, `my.json: 'seed' must be of type number, found "1"`],
    [{ evaluateEvery: 0 }, `my.json: 'evaluateEvery' must be at least 1, found 0`],
    [{ evaluateEvery: 3001 }, /^my.json: evaluateEvery is 3001, more than the 3000 iterations/],
    [pruning({ rate: 0 }), `my.json: 'pruning.rate' must be above 0, found 0`],
    [pruning({ rate: 1 }), `my.json: 'pruning.rate' must be below 1, found 1`],
    [pruning({ layerRates: { fc1: 1 } }), `my.json: 'pruning.layerRates.fc1' must be below 1, found 1`],
    [
      pruning({ layerRates: { fc1: -0.1 } }),
      `my.json: 'pruning.layerRates.fc1' must be at least 0, found -0.1`,
    ],
    [pruning({ levels: -1 }), `my.json: 'pruning.levels' must be at least 0, found -1`],
    [
      pruning({ criterion: 'taste' }),
      `my.json: 'pruning.criterion' must be one of "magnitude", "movement", "magnitude-increase", "same-sign", "random", "units", "inputs", "snip", "grasp", "synflow", found "taste"`,
    ],
    [
      pruning({ scope: 'unit' }),
      `my.json: 'pruning.scope' must be one of "layer", "global", "erdos-renyi-kernel", found "unit"`,
    ],
    [
      { branches: [{ kind: 'iterative', levels: [] }] },
      /^my.json: 'branches\[0\].kind' must be one of "random-reinit"/,
    ],
    [
      { branches: [{ kind: 'one-shot', levels: [0] }] },
      `my.json: 'branches[0].levels[0]' must be at least 1, found 0`,
    ],
    [
      { branches: [{ kind: 'one-shot', levels: [16] }] },
      /^my.json: branches asks for 'one-shot' at level 16, but pruning.levels is 15/,
    ],
    [
      { branches: [{ kind: 'one-shot', levels: [2, 2] }] },
      /^my.json: branches lists a level of 'one-shot' twice/,
    ],
    [
      {
        branches: [
          { kind: 'one-shot', levels: [1] },
          { kind: 'one-shot', levels: [2] },
        ],
      },
      /^my.json: branches has 'one-shot' twice/,
    ],
  ])('%j is refused, saying where and what is wrong', (changes, message) => {
    if (typeof message === 'string') expect(refusal(changes)).toBe(message);
    else expect(refusal(changes)).toMatch(message);
  });

  test('a value that is no object is refused', () => {
    for (const value of [null, 7, 'text', []])
      expect(() => parseExperiment(value, 'my.json')).toThrow(/^my.json: /);
  });
});

describe('the data of an experiment', () => {
  const news = (text: unknown) => ({ ...briefest, dataset: { id: 'reuters-46', text } });

  test.each([
    { kind: 'bag', words: 10_000, weights: 'tf-idf' },
    { kind: 'sequence', words: 10_000, length: 200 },
  ])('are read as its options for text say: $kind', (text) => {
    expect(parseExperiment(news(text), 'my.json').dataset).toEqual({
      id: 'reuters-46',
      validation: 5000,
      splitSeed: 0,
      text,
    });
  });

  test.each([
    [{ kind: 'bag', words: 10_000, weights: 'tfidf' }, /^my.json: .*dataset.text.weights/],
    [{ kind: 'bag', words: 10_000, weights: 'count', length: 5 }, /^my.json: .*length/],
    [{ kind: 'sequence', words: 0, length: 200 }, /^my.json: .*dataset.text.words/],
    [{ kind: 'sequence', words: 10 }, /^my.json: .*dataset.text.length/],
    [{ kind: 'words', words: 10 }, /^my.json: .*dataset.text/],
    ['bag', /^my.json: .*dataset.text/],
  ])('are refused with options for text such as %o', (text, sentence) => {
    expect(() => parseExperiment(news(text), 'my.json')).toThrow(sentence);
  });

  test('give a network over words its vocabulary', () => {
    const facts: DatasetFacts = {
      ...mnist,
      inputShape: [20],
      vocabulary: Array.from({ length: 12 }, (_, word) => `word${word}`),
      train: { inputs: { dtype: 'int32' }, labels: { shape: [9_000] } },
    };
    const network = networkOf(experimentOf({ network: 'text-cnn' }), facts);
    expect(network.parameters[0]?.shape).toEqual([12, 128]);
  });
});

describe('an experiment that does not fit its data is refused', () => {
  const check =
    (changes: Parameters<typeof experimentOf>[0], dataset: Partial<DatasetFacts> = {}) =>
    () => {
      checkAgainstDataset(experimentOf(changes), { ...mnist, ...dataset }, 'my.json');
    };

  test('when its batches are larger than its training side', () => {
    expect(check({ batchSize: 55_001 })).toThrow(
      'my.json: batchSize is 55001, but only 55000 samples of mnist remain',
    );
  });

  test('when it gives a learning rate to a layer that the network does not have', () => {
    const optimizer = { kind: 'sgd', rate: 0.1, rateFactors: { fc4: 0.5 } } as const;
    const sentence = /^my.json: optimizer.rateFactors names 'fc4', .* lenet-300-100 .* among fc1, fc2, fc3$/;
    expect(check({ optimizer })).toThrow(sentence);
    expect(() => experimentOf({ network: inline, optimizer })).toThrow(
      "optimizer.rateFactors names 'fc4', which is no layer of mine that trains: choose among out",
    );
  });

  test('when it names a layer that the network does not have', () => {
    expect(check({ pruning: { rate: 0.2, levels: 3, layerRates: { fc4: 0.1 } } })).toThrow(
      /^my.json: pruning.layerRates names 'fc4', which is no layer of lenet-300-100 .* did you mean 'fc1'\?$/,
    );
  });

  test('when its ladder leaves a layer without weights, naming level and layer', () => {
    expect(check({ pruning: { rate: 0.2, levels: 3, kindRates: { conv2d: 0.1 } } })).toThrow(
      "my.json: pruning.kindRates names 'conv2d', but lenet-300-100 has no layer of that kind that can be pruned",
    );
    expect(check({ pruning: { rate: 0.9, levels: 4, layerRates: {} } })).toThrow(
      'my.json: pruning leaves no weight of fc3.weight at level 4: lower the rate, or set pruning.levels to 3 or less',
    );
    expect(check({ pruning: { rate: 0.9, levels: 3, layerRates: {} } })).not.toThrow();
  });

  test('when a round of its ladder prunes nothing', () => {
    expect(check({ pruning: { rate: 0.2, levels: 1000, layerRates: {} } })).toThrow(
      /^my.json: pruning removes nothing at level \d+, where 6 weights are left/,
    );
    const exempt = { fc1: 0, fc2: 0, fc3: 0 };
    expect(check({ pruning: { rate: 0.2, levels: 1, layerRates: exempt } })).toThrow(
      'my.json: pruning removes nothing at level 1, where 266200 weights are left',
    );
  });

  test('when its network takes other samples or has other classes', () => {
    const changes = { network: inline, pruning: { rate: 0.2, levels: 1 } };
    expect(check(changes, { inputShape: [32, 32] })).toThrow(
      "network 'mine' takes samples of shape [28, 28], those of mnist have [32, 32]",
    );
    expect(check(changes, { classNames: ['a', 'b'] })).toThrow(
      "network 'mine' has 10 outputs, mnist has 2 classes",
    );
  });

  const sequences: Partial<DatasetFacts> = {
    id: 'news',
    inputShape: [20],
    vocabulary: ['[padding]', '[unknown]', 'the', 'of'],
    train: { inputs: { dtype: 'int32' }, labels: { shape: [55_000] } },
  };
  const overWords = (vocabulary: number) => ({
    name: 'words',
    input: [20],
    layers: [
      { kind: 'embedding', vocabulary, size: 8 },
      { kind: 'flatten' },
      { kind: 'dense', name: 'out', units: 10 },
    ],
  });

  test('when its embedding has fewer rows than the data have words', () => {
    const pruning = { rate: 0.2, levels: 1 };
    expect(check({ network: overWords(3), pruning }, sequences)).toThrow(
      "network 'words', layer 'embedding1' (embedding): 'vocabulary' must be at least 4, the words of news with those " +
        'for padding and unknown words, found 3: make it larger',
    );
    expect(check({ network: overWords(4), pruning }, sequences)).not.toThrow();
    expect(check({ network: overWords(5), pruning }, sequences)).not.toThrow();
  });

  test('when its network takes sequences of words and the data are bags, and the reverse', () => {
    const pruning = { rate: 0.2, levels: 1 };
    const bags: Partial<DatasetFacts> = {
      ...sequences,
      train: { inputs: { dtype: 'float32' }, labels: { shape: [55_000] } },
    };
    expect(check({ network: overWords(4), pruning }, bags)).toThrow(
      "network 'words' takes sequences of words, the samples of news are bags of words: read the text as a sequence",
    );
    const dense = { name: 'bags', input: [20], layers: [{ kind: 'dense', name: 'out', units: 10 }] };
    expect(check({ network: dense, pruning }, bags)).not.toThrow();
    expect(check({ network: dense, pruning }, sequences)).toThrow(
      "network 'bags' takes numbers, the samples of news are sequences of words: begin it with an embedding, or read " +
        'the text as a bag',
    );
    expect(check({ network: 'text-cnn', pruning }, bags)).toThrow(
      "network 'text-cnn' takes sequences of words",
    );
  });

  test('when its network has nothing to prune, before any data are read', () => {
    const empty = { name: 'empty', input: [10], layers: [{ kind: 'relu' }] };
    expect(() => experimentOf({ network: empty, pruning: { rate: 0.2, levels: 0 } })).toThrow(
      "network 'empty' has no weights to prune",
    );
  });
});
