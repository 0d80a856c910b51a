const { dirname } = require('node:path');

const rootDir = dirname(__dirname);

const shared = {
  rootDir,
  moduleNameMapper: { '^#lib/(.*)$': '<rootDir>/libs/$1/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.dist'],
  setupFiles: ['<rootDir>/test/harness/modules/release-async-storages.cjs'],
};

/** A pattern for files that are not in the build: they are compiled for each test file that imports them. */
const root = rootDir.replaceAll('\\', '/').replaceAll(/[.*+?^${}()|[\]]/g, '\\$&');
const unbuilt = `^${root}/(test|openapi|(apps|libs)/.+/reference)/.+\\.[cm]?[jt]s$`;

const compiled = ['@swc/jest', { sourceMaps: 'inline' }];

/** Unit tests stand beside the code, those about all of it in test/code; all other tests share one throw-away PostgreSQL. */
module.exports = {
  rootDir,
  // Slow machines are no failures; what hangs still ends.
  testTimeout: process.env.TEST_THOROUGH === '1' ? 600_000 : 240_000,
  // What test files leave behind in a worker adds up.
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/{libs,apps}/**/*.spec.ts', '<rootDir>/test/code/**/*.test.ts'],
      transform: { '^.+\\.[cm]?[jt]s$': compiled },
      // These packages ship ES modules only; jest runs CommonJS, so they are compiled on the way in.
      transformIgnorePatterns: [
        '/node_modules/(?!(@nestjs|simple-ascii-chart|typeorm|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit)/)',
      ],
    },
    {
      ...shared,
      displayName: 'integration',
      testEnvironment: '<rootDir>/test/harness/modules/shared-environment.cjs',
      testMatch: ['<rootDir>/test/{integration,e2e,services}/**/*.test.ts'],
      // All other files run as built.
      transform: {
        [unbuilt]: compiled,
        '^.+\\.[cm]?[jt]s$': '<rootDir>/test/harness/modules/shared-transform.cjs',
      },
      transformIgnorePatterns: [],
      globalSetup: '<rootDir>/test/harness/databases/global-setup.ts',
      globalTeardown: '<rootDir>/test/harness/databases/global-teardown.ts',
    },
  ],
};
