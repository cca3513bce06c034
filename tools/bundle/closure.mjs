// Which installed packages a workspace package needs at run time.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Follows `dependencies` as Node.js resolves them. What is optional is left out: the program does without.
 *
 * @param {string} root folder of the workspace.
 * @param {string} start folder of the package to begin with.
 * @returns {string[]} real folders of the packages, the first one included; none is a link.
 * @throws Error with one sentence when one is not installed.
 */
export function productionClosure(root, start) {
  const found = new Set([realpathSync(start)]);
  for (const folder of found) {
    const { dependencies = {} } = readManifest(folder);
    for (const name of Object.keys(dependencies)) found.add(resolved(root, folder, name));
  }
  return [...found];
}

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

function resolved(root, from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === root) {
      throw new Error(`The package ${name}, which ${from} needs, is not installed: run npm ci.`);
    }
  }
}
