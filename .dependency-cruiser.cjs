const foundationPure = ['errors', 'time', 'units'];

/** Which other libs each lib may import; the order is that of docs/architecture.md. */
const allowed = {
  errors: [],
  time: ['errors'],
  units: ['errors', 'time'],
  config: [],
  logging: ['config'],
  plugins: ['config'],
  solver: ['config'],
  mail: ['config'],
  database: ['config'],
  events: ['time', 'config', 'database'],
  queues: ['database', 'config', 'events'],
  accounts: ['time', 'units', 'config', 'database', 'events', 'mail'],
  assets: ['time', 'units', 'config', 'database', 'events', 'accounts'],
  sensors: ['time', 'units', 'config', 'database', 'events', 'accounts', 'assets'],
  beliefs: ['time', 'units', 'config', 'database', 'events', 'accounts', 'assets', 'sensors'],
  forecasting: [
    'time',
    'units',
    'config',
    'database',
    'events',
    'queues',
    'accounts',
    'assets',
    'sensors',
    'beliefs',
    'solver',
    'plugins',
  ],
  scheduling: [
    'time',
    'units',
    'config',
    'database',
    'events',
    'queues',
    'accounts',
    'assets',
    'sensors',
    'beliefs',
    'solver',
    'plugins',
  ],
  charts: ['time', 'units', 'assets', 'sensors', 'beliefs'],
};
const libs = Object.keys(allowed);
for (const lib of libs.slice(1)) if (!allowed[lib].includes('errors')) allowed[lib].push('errors');

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
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
        pathNot: ['^libs/[^/]+/index\\.ts$', '^libs/[^/]+/[^/]+/index\\.ts$', '^libs/$1/'],
      },
    },
    {
      name: 'test-code-stays-in-tests',
      severity: 'error',
      from: { path: '^(?:libs|apps)/', pathNot: ['^libs/testing/', '\\.spec\\.ts$'] },
      to: { path: '^(?:libs/testing|test)/' },
    },
    ...libs.map((lib) => ({
      name: `imports-of-${lib}`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^libs/', pathNot: `^libs/(?:${[lib, ...allowed[lib]].join('|')})/` },
    })),
    {
      name: 'pure-code-imports-no-framework-and-no-io',
      severity: 'error',
      from: { path: `^libs/(?:(?:${foundationPure.join('|')})/|[^/]+/model/)`, pathNot: '\\.spec\\.ts$' },
      to: {
        path: [
          '^(?:node:)?(?:fs|net|http|https|http2|child_process|worker_threads|dgram|tls|cluster)(?:/|$)',
          'node_modules/(?:@nestjs|typeorm|pg|pg-[^/]+|bull|ioredis|highs)/',
        ],
      },
    },
    {
      name: 'pure-code-imports-only-pure-code',
      severity: 'error',
      from: { path: `^libs/(?:(?:${foundationPure.join('|')})/|[^/]+/model/)`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: [`^libs/(?:${foundationPure.join('|')})/`, '^libs/[^/]+/model/'] },
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
