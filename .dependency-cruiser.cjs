/* Who may import whom, as docs/architecture.md tells it. `npm run imports` checks these rules. */

/** Pure libs: no framework, no input or output, no module of Node.js. They also run in a browser. */
const PURE_LIBS = ['errors', 'time', 'units', 'concurrency'];
const PURE = `^libs/(?:(?:${PURE_LIBS.join('|')})/|[^/]+/model/)`;

const SPEC = '\\.spec\\.ts$';
/** Oracles and fixtures that only tests use; the build leaves them out. */
const REFERENCE = '/reference/';
const TESTS = [SPEC, REFERENCE, '^test/'];

/** What is started, or imported by plugins, instead of being imported here. */
const ENTRIES = [
  '^apps/[^/]+/src/main\\.ts$',
  '^apps/web/elements/[^/]+\\.ts$',
  '^apps/[^/]+/bin/',
  '^libs/compute/threads/solver-thread\\.ts$',
  '^libs/beliefs/files/spreadsheet-process\\.ts$',
  '^libs/plugin-api/',
  '^libs/bundled-plugins/[^/]+/index\\.ts$',
  '^apps/api/src/http/index\\.ts$',
];

const FOUNDATION = ['errors', 'time', 'units', 'concurrency', 'config', 'database', 'events'];
const DOMAINS = ['accounts', 'assets', 'sensors', 'beliefs'];
/** What a domain needs that runs classes of plugins. */
const CUSTOM = ['plugin-api', 'extensions'];

/** Which other libs each lib may import. */
const LIBS = {
  errors: [],
  time: ['errors', 'concurrency'],
  units: ['errors', 'time'],
  concurrency: [],
  files: [],
  'packed-modules': [],
  config: ['errors', 'time'],
  logging: ['errors', 'config'],
  monitoring: ['errors', 'time', 'config', 'logging', 'mail'],
  'plugin-api': [],
  'bundled-plugins': ['plugin-api'],
  extensions: ['errors', 'concurrency'],
  solver: ['errors'],
  compute: ['errors', 'config', 'solver'],
  mail: ['errors', 'config'],
  database: ['errors', 'time', 'config', 'files'],
  events: ['errors', 'time', 'concurrency', 'config', 'database'],
  queues: ['errors', 'time', 'database', 'config', 'events'],
  idempotency: ['errors', 'time', 'database', 'config'],
  accounts: [...FOUNDATION, 'files', 'mail'],
  assets: [...FOUNDATION, 'accounts', 'extensions'],
  'device-tokens': [...FOUNDATION, 'accounts', 'assets'],
  sensors: [...FOUNDATION, 'accounts', 'assets', 'device-tokens'],
  beliefs: [...FOUNDATION, 'accounts', 'assets', 'sensors'],
  forecasting: [...FOUNDATION, ...DOMAINS, 'queues', 'compute', 'solver', ...CUSTOM],
  scheduling: [...FOUNDATION, ...DOMAINS, 'queues', 'compute', 'solver', ...CUSTOM],
  'api-usage': ['errors', 'time', 'database', 'accounts'],
  'udi-events': ['time', 'config', 'database', 'sensors'],
  charts: ['errors', 'time', 'units', 'concurrency', 'events', 'assets', 'sensors', 'beliefs'],
  balance: ['errors', 'time', 'units', 'assets', 'sensors', 'beliefs', 'scheduling'],
  reporting: ['errors', 'time', 'units', ...DOMAINS, ...CUSTOM],
  audit: ['errors', 'database', 'events', 'queues', 'device-tokens', ...DOMAINS],
  administration: ['errors', 'database', 'events', ...DOMAINS, 'charts', 'scheduling'],
  plugins: ['errors', 'time', 'config', 'database', 'events', ...DOMAINS, ...CUSTOM],
};

/**
 * Folders whose sub-folders are rooms, in order: a room imports only rooms that stand before it. `.` stands for the
 * files of the folder itself, except its index and its modules, which put the rooms together.
 */
const ROOMS = {
  'libs/accounts': [
    'model',
    'events',
    'plans',
    'passwords',
    'accounts',
    'users',
    'two-factor',
    'authentication',
    '.',
  ],
  'libs/device-tokens': ['model', '.'],
  'libs/sensors': ['model', '.', 'sources', 'annotations'],
  'libs/beliefs': ['model', 'store', 'files', 'import', 'maintenance', 'status'],
  'libs/beliefs/model': ['columns', 'knowledge', 'search', 'resampling', 'posting', 'staleness', '.'],
  'libs/beliefs/store': ['sql', '.'],
  'libs/beliefs/files': ['format', 'cells', 'rows', 'csv', 'spreadsheets', '.'],
  'libs/balance': ['model', '.'],
  'libs/compute': ['model', '.', 'threads'],
  'libs/config': ['model', 'source', 'areas', '.'],
  'libs/database': [
    ...['errors', 'embedded', 'migrations', 'connection', '.', 'schema'],
    ...['task-runs', 'care', 'backups', 'python-import'],
  ],
  'libs/events': ['.', 'delivery'],
  'libs/forecasting': ['model', 'inputs', 'forecasts', 'accuracy', 'requests', 'jobs'],
  'libs/forecasting/model': ['series', 'fitting', 'accuracy', 'forecasters'],
  'libs/queues': ['model', '.', 'redis'],
  'libs/scheduling': [
    'model',
    'requests',
    'outputs',
    'reading',
    'store',
    'custom',
    'stored',
    'inputs',
    'schedules',
    'jobs',
  ],
  'libs/scheduling/model': ['conflicts', 'problem', 'stock', 'storage', 'site', 'flex'],
  'libs/scheduling/model/site': ['problem', 'program', 'evaluate', 'explain', 'solve'],
  'libs/scheduling/model/site/problem': ['.', 'prepared'],
  'apps/api/src': ['http', 'v3', 'streams', 'legacy', 'unversioned', 'docs', 'pages', 'plugins', '.'],
  'apps/api/src/legacy': [
    ...['messages', 'exchange', 'control', 'usage', 'endpoints'],
    ...['v2_0', 'v1_3', 'v1_2', 'v1_1', 'v1'],
    '.',
  ],
  'apps/api/src/http/auth': ['throttle', 'authentication', 'permissions', '.'],
  'apps/api/src/http': [
    'errors',
    'answers',
    'headers',
    'metrics',
    'contract',
    'auth',
    'bodies',
    'schema',
    'paging',
    'uploads',
    'idempotency',
    'server',
  ],
  'apps/api/src/http/server': ['sockets', '.'],
  'apps/cli/src': ['options', 'terminal', 'app', 'commands', 'plugins', '.'],
};

const escape = (path) => path.replaceAll(/[.]/g, '\\.');

/** Composition: what puts rooms together may import all of them. */
const COMPOSITION = '/(?:index|[^/]+\\.module)\\.ts$';

/** Rules that keep the rooms of a folder in their order. */
function roomRules(folder, rooms) {
  const base = `^${escape(folder)}/`;
  const pathOf = (room) => (room === '.' ? `${base}[^/]+$` : `${base}${room}/`);
  const orders = rooms.map((room, i) => ({
    name: `room-${room === '.' ? 'files' : room}-of-${folder.replaceAll('/', '-')}`,
    comment: `Rooms of ${folder} in order: ${rooms.join(', ')}.`,
    severity: 'error',
    from: {
      path: pathOf(room),
      pathNot: [...TESTS, ...(room === '.' ? [COMPOSITION, `${base}main\\.ts$`] : [])],
    },
    to: {
      path: rooms.slice(i + 1).map(pathOf),
    },
  }));
  const known = rooms.filter((room) => room !== '.').join('|');
  const unknown = {
    name: `rooms-of-${folder.replaceAll('/', '-')}`,
    comment: `A new folder in ${folder} wants a place in the order of its rooms.`,
    severity: 'error',
    from: { path: `${base}(?!(?:${known}|reference|migrations)/)[^/]+/` },
    to: { path: '.' },
  };
  return [...orders.slice(0, -1), unknown];
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: [SPEC, ...ENTRIES, '\\.d\\.c?ts$', '^test/fixtures/', '\\.cjs$'] },
      to: {},
    },
    {
      name: 'no-product-file-that-only-tests-import',
      severity: 'error',
      from: {
        path: ENTRIES,
      },
      to: {
        path: '^(?:apps|libs)/',
        pathNot: [...TESTS, '\\.d\\.ts$', ...ENTRIES],
        reachable: false,
      },
    },
    {
      name: 'no-specs-are-imported',
      severity: 'error',
      from: {},
      to: { path: SPEC },
    },
    {
      name: 'no-reference-code-in-the-product',
      severity: 'error',
      from: { path: '^(?:apps|libs)/', pathNot: TESTS },
      to: { path: REFERENCE },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(?:apps|libs|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
    {
      name: 'no-dev-packages-in-the-product',
      severity: 'error',
      // The build bundles what browsers get, with its packages.
      from: { path: '^(?:apps|libs)/', pathNot: [...TESTS, '^apps/web/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'an-app-never-imports-another',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'a-lib-is-entered-through-its-index',
      severity: 'error',
      from: { path: '^(?:libs|apps)/([^/]+)/' },
      to: {
        path: '^libs/([^/]+)/',
        pathNot: [
          '^libs/[^/]+/index\\.ts$',
          '^libs/[^/]+/[^/]+/index\\.ts$',
          '^libs/[^/]+/model/[^/]+/index\\.ts$',
          '^libs/$1/',
        ],
      },
    },
    {
      name: 'test-code-stays-in-tests',
      severity: 'error',
      from: { path: '^(?:libs|apps)/', pathNot: SPEC },
      to: { path: '^test/' },
    },
    ...Object.entries(LIBS).map(([lib, allowed]) => ({
      name: `imports-of-${lib}`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^libs/', pathNot: `^libs/(?:${[lib, ...allowed].join('|')})/` },
    })),
    {
      name: 'a-lib-has-a-place-in-the-order-of-libs',
      severity: 'error',
      from: { path: `^libs/(?!(?:${Object.keys(LIBS).join('|')})/)` },
      to: {},
    },
    {
      name: 'pure-code-imports-no-framework-and-no-io',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: 'node_modules/(?:@nestjs|typeorm|pg|pg-[^/]+|bull|ioredis|highs|express)/' },
    },
    {
      name: 'pure-code-imports-no-module-of-node',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-code-imports-only-pure-code',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: '^libs/', pathNot: PURE },
    },
    {
      name: 'the-http-kit-imports-no-resource',
      severity: 'error',
      from: { path: '^apps/api/src/http/' },
      to: { path: '^apps/api/src/', pathNot: '^apps/api/src/http/' },
    },
    ...Object.entries(ROOMS).flatMap(([folder, rooms]) => roomRules(folder, rooms)),
    {
      // The help of the command line loads all of these; a lib would take it a tenth of a second.
      name: 'descriptions-of-commands-load-only-pure-code',
      severity: 'error',
      from: { path: '^apps/cli/src/commands/.+\\.commands\\.ts$' },
      to: { path: '^libs/', pathNot: PURE, dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
