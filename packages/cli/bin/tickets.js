#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one or a missing build is told in a sentence.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

function refuse(sentence) {
  process.stderr.write(`tickets: ${sentence}\n`);
  process.exitCode = 1;
}

if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`needs Node.js 20.19 or later, this is ${process.versions.node}: install a newer one`);
} else if (!existsSync(fileURLToPath(main))) {
  refuse('the program is not built yet: run `npm run build` in its folder first');
} else {
  // npm runs scripts in the project's root; paths mean what they mean where the user typed them.
  if (['start', 'tickets'].includes(process.env.npm_lifecycle_event) && process.env.INIT_CWD) {
    process.chdir(process.env.INIT_CWD);
  }
  const program = await import(main.href);
  await program.main(process.argv.slice(2));
}
