import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureSpace } from '../../src/store/space.js';
import { inFolder } from '../support/stages.js';

test('a run that fits may start, in a folder that is not there yet', () =>
  inFolder(async (folder) => {
    await expect(ensureSpace(join(folder, 'not', 'yet'), 1)).resolves.toBeUndefined();
  }));

test('a run that does not fit is told how much it needs and how much is free', () =>
  inFolder(async (folder) => {
    await expect(ensureSpace(folder, 1e24)).rejects.toThrow(
      / needs about 1000000000000000000 MB, [\d.]+ MB free: /,
    );
  }));
