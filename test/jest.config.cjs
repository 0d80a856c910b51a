const { dirname } = require('node:path');

const rootDir = dirname(__dirname);

const shared = {
  rootDir,
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/harness/release-async-storages.cjs'],
  transform: { '^.+\\.[cm]?[jt]s$': ['@swc/jest', { sourceMaps: 'inline' }] },
  // These packages ship ES modules only; jest runs CommonJS, so they are compiled on the way in.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|simple-ascii-chart|typeorm|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit)/)',
  ],
  moduleNameMapper: { '^#lib/(.*)$': '<rootDir>/libs/$1/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.dist'],
};

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
      testMatch: ['<rootDir>/{libs,apps}/**/*.spec.ts', '<rootDir>/test/code/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,e2e,services}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/harness/databases/global-setup.ts',
      globalTeardown: '<rootDir>/test/harness/databases/global-teardown.ts',
    },
  ],
};
