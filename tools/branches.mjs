// Writes docs/branches.md from what the branches say of themselves; with --check, says whether it is up to date.
//
//   node tools/branches.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { branches } from '@winning-tickets/train';

const page = join(import.meta.dirname, '..', 'docs', 'branches.md');

const text = `# Branches

What an experiment trains at a level: a subnetwork, and where it starts from. \`iterative\` is always trained; the others are
controls and ablations that \`branches\` in an experiment's file asks for:

\`\`\`json
"branches": [
  { "kind": "random-reinit", "levels": [1, 3, 5] },
  { "kind": "rewound", "step": 100, "levels": [5] }
]
\`\`\`

or \`--branch random-reinit:1,3,5 --branch rewound,step=100:5\` on the command line. One kind may be asked for several times, with other
options. This page is made from the code by \`node tools/branches.mjs\`; a new branch is a file in
[\`packages/train/src/lottery/branches/\`](../packages/train/src/lottery/branches).

${Object.values(branches).map(sectionOf).join('\n\n')}
`;

function sectionOf({ name, summary, source, options }) {
  const keys = Object.entries(options?.shape ?? {});
  const missed = new Set(options?.safeParse({}).error?.issues.map(({ path }) => path[0]));
  const list = keys.map(
    ([key, { description }]) => `- \`${key}\`${missed.has(key) ? '' : ' (optional)'}: ${description}`,
  );
  return [
    `## \`${name}\``,
    '',
    summary,
    '',
    ...(list.length > 0 ? [...list, ''] : []),
    `Source: ${source}.`,
  ].join('\n');
}

if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/branches.md is not what the branches say of themselves: run node tools/branches.mjs');
  process.exitCode = 1;
}
