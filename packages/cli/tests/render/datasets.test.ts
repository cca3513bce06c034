import { datasetNames, describeDataset } from '@winning-tickets/datasets';
import { describe, expect, test } from 'vitest';
import { datasetFacts, datasetsTable } from '../../src/render/datasets.js';

const factsOf = (id: string) => new Map(datasetFacts(describeDataset(id)));

describe('the data sets', () => {
  test('are one a line, with licence and place', () => {
    const { rows } = datasetsTable(datasetNames().map(describeDataset));
    expect(rows.map(([name]) => name)).toEqual(datasetNames());
    expect(rows).toContainEqual([
      'modapte-90',
      'Reuters news with all their topics (ModApte)',
      'copyright Reuters Ltd.; free for research purposes only',
      'your own, in the folder of --data-dir',
    ]);
  });

  test('say what their inputs are: the shape of images, or how text is read', () => {
    expect(factsOf('mnist').get('input')).toBe('[28, 28]');
    expect(factsOf('idx').get('input')).toBe('–');
    expect(factsOf('reuters-46').get('input')).toBe(
      'bags or sequences of words, as "text" of the experiment\'s "dataset" says',
    );
    expect(factsOf('reuters-46').get('samples')).toBe('8,982 for training, 2,246 for testing');
  });
});
