import js from '@eslint/js';
import globals from 'globals';

/** Built, vendored or measured. */
const foreign = ['dist/', 'target/', 'pkg/', 'runs/', 'www/vendor/'];

export default [
  { ignores: foreign },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022 },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      // Prettier breaks code at 120, but neither comments nor texts.
      'max-len': [
        'error',
        { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true },
      ],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-useless-rename': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  // Scripts that run in the browser, in a worker of it, or in Node.js with functions that are sent into the browser.
  {
    files: ['www/**', 'benches/**/*.js', 'xtask/vite/*.js', 'examples/**', 'python/**'],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ['**/*.mjs', 'examples/vite/vite.config.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  // A script that is no module, for browsers that may know no newer form.
  {
    files: ['www/**/from-file.js'],
    languageOptions: { sourceType: 'script' },
    rules: { 'no-var': 'off', 'prefer-const': 'off' },
  },
];
