const { dirname } = require('node:path');

const rootDir = dirname(__dirname);

const shared = {
  rootDir,
  moduleNameMapper: { '^#lib/(.*)$': '<rootDir>/libs/$1/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.dist'],
  setupFiles: ['<rootDir>/test/harness/modules/release-async-storages.cjs'],
};

const root = rootDir.replaceAll('\\', '/').replaceAll(/[.*+?^${}()|[\]]/g, '\\$&');
/** A pattern for files that are not in the build: they are compiled for each test file that imports them. */
const unbuilt = `^${root}/((test|openapi|apps/web|(apps|libs)/.+/reference)/.+\\.[cm]?[jt]s|.+\\.spec\\.ts)$`;

const compiled = ['@swc/jest', { sourceMaps: 'inline' }];

/** Test files of a worker share the product as built, and the packages. */
const sharesModules = {
  testEnvironment: '<rootDir>/test/harness/modules/shared-environment.cjs',
  transform: {
    [unbuilt]: compiled,
    '^.+\\.[cm]?[jt]s$': '<rootDir>/test/harness/modules/shared-transform.cjs',
  },
  transformIgnorePatterns: [],
};

/** Each test file loads the sources, and the packages, anew. */
const runsSources = {
  testEnvironment: 'node',
  transform: { '^.+\\.[cm]?[jt]s$': compiled },
  // These packages ship ES modules only; jest runs CommonJS, so they are compiled on the way in.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|simple-ascii-chart|typeorm|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit)/)',
  ],
};

/** Whether unit tests run the product as built, like all other tests: faster, but each change needs a build. */
const isBuilt = process.env.TEST_BUILT === '1';

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
      ...(isBuilt ? sharesModules : runsSources),
      testMatch: ['<rootDir>/{libs,apps}/**/*.spec.ts', '<rootDir>/test/code/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'integration',
      ...sharesModules,
      testMatch: ['<rootDir>/test/{integration,e2e,services}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/harness/databases/global-setup.ts',
      globalTeardown: '<rootDir>/test/harness/databases/global-teardown.ts',
    },
  ],
};
