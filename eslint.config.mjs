// One configuration for the workspace: every package and its tests with type information, the tools without.
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** What each package may depend on: the arrows of docs/architecture.md. */
const arrows = {
  onnx: [],
  datasets: [],
  ticket: ['onnx'],
  train: ['onnx', 'ticket', 'datasets'],
  export: ['onnx', 'ticket'],
  bench: ['onnx', 'datasets'],
  report: ['train', 'bench', 'ticket', 'datasets'],
  cli: ['onnx', 'ticket', 'datasets', 'train', 'export', 'bench', 'report'],
};

const tag = (name) => `package:${name}`;

const boundaries = Object.entries(arrows).map(([name, targets]) => ({
  sourceTag: tag(name),
  onlyDependOnLibsWithTags: [tag(name), ...targets.map(tag)],
}));

const numbersFromStreams = {
  object: 'Math',
  property: 'random',
  message:
    'Every random number comes from a named, seeded stream (packages/train/src/rng.ts): take a Stream as an argument.',
};

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/fixtures', 'runs', '.cache', '.nx', 'docs/results'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: { 'no-restricted-properties': ['error', numbersFromStreams] } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: boundaries }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      // A number in a message needs no String(…) around it.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // () => undefined is how a callback says that it does nothing.
      '@typescript-eslint/no-empty-function': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
    },
  },
  {
    files: ['packages/report/src/**/*.ts'],
    // The page is drawn from what training and measuring left behind; it trains and measures nothing itself.
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@winning-tickets/*'],
              allowTypeImports: true,
              message: 'The report knows the other packages by their types alone.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,mts}'],
    languageOptions: { globals: globals.node },
    // { help, ...rest } is how an object without a key is made.
    rules: { 'no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_' }] },
  },
  // Some of its functions run inside the page that the browser shows.
  { files: ['tools/referees/page.mjs'], languageOptions: { globals: globals.browser } },
);
