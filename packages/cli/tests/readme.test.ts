import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..', '..');

test("the README's library example does what it says", { timeout: 120_000 }, async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  // Inside the repository, so that the example finds the packages; its runs go there, too.
  const folder = await mkdtemp(join(repository, 'packages', 'cli', 'dist', 'readme-'));
  try {
    await writeFile(join(folder, 'example.mjs'), example);
    const { stdout } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder });
    expect(stdout).toMatch(
      /^level 0: density 1\.000, .*\nlevel 1: density 0\.500, .*\nlevel 2: density 0\.250, .*\n/,
    );
    expect(stdout).toMatch(/the first test image is a 7\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
