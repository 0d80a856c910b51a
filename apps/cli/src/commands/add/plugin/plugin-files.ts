/**
 * The files of a plugin to start with, by their paths.
 * @param folder name of its folder, such as `our_client`
 * @param root folder of this package
 */
export function pluginFiles(folder: string, root: string): Record<string, string> {
  const name = folder.toLowerCase().replaceAll('_', '-');
  const title = (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('-', ' ');
  return {
    'index.js': entry(name, title),
    'scheduler.js': SCHEDULER,
    'templates/page.html': page(name),
    'static/style.css': STYLE,
    'index.test.js': tests(name),
    'package.json': `${JSON.stringify(manifest(folder, root), undefined, 2)}\n`,
    'README.md': readme(folder, name, title),
    '.gitignore': 'node_modules\n',
  };
}

const entry = (name: string, title: string): string => `// @ts-check
const { command, definePlugin, field, render, route, view } = require('flexmeasures/plugin');
const { FullPower } = require('./scheduler');
const { version } = require('./package.json');

module.exports = definePlugin({
  name: '${name}',
  version,
  description: '${title}.',
  templates: 'templates',
  static: 'static',

  settings: {
    ${name.toUpperCase().replaceAll('-', '_')}_GREETING: {
      description: 'The first words on the page.',
      level: 'info',
      message_if_missing: 'The page says "Welcome".',
      parse_as: String,
    },
  },

  // A page at /${name}, with an entry in the menu.
  views: [
    view({
      path: '/${name}',
      menu: { title: '${title}', icon: 'star' },
      handle: async ({ data, setting }) =>
        render('page.html', {
          title: '${title}',
          greeting: setting('${name.toUpperCase().replaceAll('-', '_')}_GREETING') ?? 'Welcome',
          assets: await data.listAssets(),
        }),
    }),
  ],

  // GET /api/${name}/assets?type=battery
  api: [
    route({
      path: '/assets',
      summary: 'List the names of assets that the user may read.',
      query: { type: field.text({ description: 'Only assets of this type.' }) },
      handle: async ({ data, query }) => {
        const assets = await data.listAssets();
        const found = assets.filter(({ type }) => query.type === undefined || type === query.type);
        return { assets: found.map(({ id, name }) => ({ id, name })) };
      },
    }),
  ],

  // flexmeasures ${name} count --type battery
  cli: {
    description: 'Commands of ${title}',
    commands: [
      command({
        name: 'count',
        description: 'Counts assets.',
        options: { type: field.text({ description: 'only assets of this type' }) },
        run: async ({ type }, { data }) => {
          const assets = await data.listAssets();
          const found = assets.filter((asset) => type === undefined || asset.type === type);
          console.log(\`There are \${found.length} assets.\`);
        },
      }),
    ],
  },

  schedulers: [FullPower],
});
`;

const SCHEDULER = `// @ts-check
const { Scheduler } = require('flexmeasures/plugin');

/** Always plans to consume at the capacity of the device. Replace it by your own algorithm. */
class FullPower extends Scheduler {
  static author = 'My Company';
  static version = '1';

  computeSchedule() {
    const capacityMw = Number(this.sensor.getAttribute('capacity_in_mw', 0));
    return new Array(this.steps).fill(capacityMw);
  }
}

module.exports = { FullPower };
`;

const page = (name: string): string => `{% extends "base.html" %}

{% set active_page = "${name}" %}

{% block styles %}
  {{ super() }}
  <link rel="stylesheet" href="{{ static('style.css') }}">
{% endblock %}

{% block divs %}
<h1 class="greeting">{{ greeting }}</h1>
<section class="panel">
{% if assets.length %}<ul class="mb-0">{% for asset in assets %}
  <li><a href="/assets/{{ asset.id }}">{{ asset.name }}</a> ({{ asset.type }})</li>{% endfor %}
</ul>
{% else %}<p class="mb-0">You have no assets yet.</p>{% endif %}
</section>
{% endblock %}
`;

const STYLE = `.greeting {
  border-bottom: 2px solid;
}
`;

const tests = (name: string): string => `// @ts-check
const assert = require('node:assert');
const { after, before, test } = require('node:test');
const { startTestApp } = require('flexmeasures/testing');

/** @type {import('flexmeasures/testing').TestApp} */
let app;
/** @type {import('flexmeasures/testing').TestUser} */
let user;
before(async () => {
  app = await startTestApp({ plugins: [__dirname] });
  user = await app.addUser({ email: 'me@example.com' });
});
after(() => app.stop());

test('the page greets users, and visitors have to log in', async () => {
  assert.equal((await app.get('/${name}')).status, 401);
  const page = await app.get('/${name}', { as: user });
  assert.equal(page.status, 200);
  assert.match(page.text, /Welcome/);
});

test('the route lists assets', async () => {
  const { status, json } = await app.get('/api/${name}/assets', { as: user });
  assert.deepEqual([status, json], [200, { assets: [] }]);
});

test('the command counts assets', async () => {
  assert.equal((await app.command('${name}', 'count')).stdout, 'There are 0 assets.\\n');
});

test('the scheduler is offered', async () => {
  const { json } = await app.get('/api/v3_0/schedulers', { as: user });
  assert.match(JSON.stringify(json), /FullPower/);
});
`;

const manifest = (folder: string, root: string) => ({
  name: folder.toLowerCase(),
  version: '0.1.0',
  private: true,
  main: 'index.js',
  scripts: { test: 'node --test index.test.js' },
  devDependencies: { flexmeasures: `file:${root}` },
});

const readme = (folder: string, name: string, title: string): string => `# ${title}

A plugin of FlexMeasures. Start a server with it from the folder above this one:

\`\`\`
FLEXMEASURES_PLUGINS=${folder} flexmeasures run
\`\`\`

| file                | what it has                                                    |
| ------------------- | -------------------------------------------------------------- |
| index.js            | the plugin: settings, a page, a route of the API, a command    |
| scheduler.js        | a scheduler for the attribute \`custom-scheduler\` of a sensor |
| templates/page.html | the page at /${name}                                           |
| static/             | files for browsers                                             |
| index.test.js       | tests: \`npm test\`                                            |
`;
