import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const CLOCK = 'Use the Clock of libs/time (CLOCK), or take the time as a parameter.';

/** Files that may use the real time: the clock, and time limits of sockets, processes, threads, files and plugins. */
const REAL_TIME = [
  // Plugins get no clock of the server.
  'libs/bundled-plugins/**',
  'libs/time/clock.ts',
  'libs/concurrency/time-slices.ts',
  'libs/compute/threads/solver-thread-handle.ts',
  'libs/database/embedded/**',
  'libs/database/notifications.ts',
  'libs/files/file-lock.ts',
  'libs/logging/**',
  'libs/concurrency/time-limit.ts',
  'libs/queues/redis/bull-transport.ts',
  'apps/api/src/http/answers/heavy-reads.ts',
  'apps/api/src/http/server/server-shutdown.ts',
  'apps/api/src/v3/health/health.controller.ts',
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '.dist*/**',
      'node_modules/**',
      'coverage/**',
      '.flexmeasures/**',
      'openapi/generated/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { regexp },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './apps/web/tsconfig.json'],
        tsconfigRootDir: process.cwd(),
      },
    },
    rules: {
      // A long input must not keep the server busy (ReDoS).
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
      // Nest modules are classes with only a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Numeric code indexes typed arrays within their bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Nest declares options as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/api/**/*.ts', 'apps/scheduler/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/reference/**', ...REAL_TIME],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: CLOCK },
        { name: 'setInterval', message: CLOCK },
      ],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: CLOCK }],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
        { selector: "CallExpression[callee.name='Date']", message: CLOCK },
      ],
      'no-restricted-imports': [
        'error',
        ...['node:timers', 'node:timers/promises', 'timers', 'timers/promises'].map((name) => ({
          name,
          importNames: ['scheduler', 'setInterval', 'setTimeout'],
          message: CLOCK,
        })),
      ],
    },
  },
  {
    files: ['apps/cli/**/*.ts', 'test/bench/**/*.ts', 'libs/bundled-plugins/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      // Tests use regular expressions only on their own texts.
      'regexp/no-super-linear-backtracking': 'off',
      'regexp/no-super-linear-move': 'off',
    },
  },
);
