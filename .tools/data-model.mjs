import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './project.mjs';

const USAGE = `Usage: node .tools/data-model.mjs [--check] [URI]

Draws the tables of a database with the newest schema to docs/data-model.svg. Without a URI, a temporary database is made.
With --check, only compares the file with what would be drawn.`;

const FILE = join(root, 'docs', 'data-model.svg');

/** The tables by column of the picture; others are in the last column. */
const COLUMNS = [
  ['plan', 'account', 'account_role', 'roles_accounts', 'role', 'roles_users', 'ended_session'],
  ['fm_user', 'device_token', 'two_factor', 'idempotent_answer', 'api_version_use', 'latest_task_runs'],
  ['generic_asset_type', 'generic_asset', 'sensor', 'udi_event', 'data_source', 'timed_belief'],
  ['annotation', 'annotations_accounts', 'annotations_assets', 'annotations_sensors', 'job'],
];

/** References without a constraint: docs/data-model.md says why. */
const UNCONSTRAINED = [
  { table: 'timed_belief', column: 'sensor_id', target: 'sensor' },
  { table: 'timed_belief', column: 'source_id', target: 'data_source' },
];

const BOX = { width: 260, header: 24, row: 16, gapX: 70, gapY: 22, margin: 20 };

const COLUMNS_OF_TABLES = `
  SELECT relname AS table, attname AS column, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
    EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'p' AND attnum = ANY (conkey)) AS key,
    (SELECT confrelid::regclass::text FROM pg_constraint
     WHERE conrelid = pg_class.oid AND contype = 'f' AND conkey = ARRAY[attnum] LIMIT 1) AS target
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND attnum > 0 AND NOT attisdropped AND relname <> 'migrations'
  ORDER BY relname, attnum`;

const [uri, ...others] = process.argv.slice(2).filter((argument) => argument !== '--check');
if (others.length > 0 || uri?.startsWith('-')) {
  console.error(USAGE);
  process.exit(2);
}
const picture = await (uri === undefined ? withTemporaryDatabase(draw) : draw(uri));
if (!process.argv.includes('--check')) writeFileSync(FILE, picture);
else if (readFileSync(FILE, 'utf8') !== picture) {
  console.error('docs/data-model.svg does not show the schema: run `node .tools/data-model.mjs`.');
  process.exit(1);
}

async function withTemporaryDatabase(work) {
  await ensureInstalled();
  await ensureBuilt();
  const { EmbeddedPostgres, Migrator } = createRequire(import.meta.url)(
    join(root, 'dist', 'libs', 'database'),
  );
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-data-model-'));
  const server = new EmbeddedPostgres(home, { throwAway: true });
  try {
    const database = await server.ensureRunning();
    await new Migrator(database).upgrade();
    return await work(database);
  } finally {
    server.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  }
}

/** The picture of the tables of a database, as SVG. */
async function draw(database) {
  const { default: pg } = await import('pg');
  const client = new pg.Client(database);
  await client.connect();
  const { rows } = await client.query(COLUMNS_OF_TABLES);
  await client.end();
  const tables = groupByTable(rows);
  const boxes = placeBoxes(tables);
  const width = Math.max(...[...boxes.values()].map(({ x }) => x)) + BOX.width + BOX.margin;
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height)) + BOX.margin;
  const references = rows
    .filter(({ target }) => target !== null)
    .map((row) => edge(boxes, row, false))
    .concat(UNCONSTRAINED.map((reference) => edge(boxes, reference, true)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<title>Tables of FlexMeasures, with their columns and references</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${references.join('\n')}
${[...boxes.values()].map(drawBox).join('\n')}
</svg>
`;
}

function groupByTable(rows) {
  const tables = new Map();
  for (const row of rows) tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  return tables;
}

/** Positions of the tables, one below the other in each column. */
function placeBoxes(tables) {
  const listed = new Set(COLUMNS.flat());
  const rest = [...tables.keys()].filter((name) => !listed.has(name));
  const boxes = new Map();
  [...COLUMNS, rest].forEach((names, column) => {
    let y = BOX.margin;
    for (const name of names.filter((one) => tables.has(one))) {
      const rows = tables.get(name);
      const height = BOX.header + rows.length * BOX.row + 6;
      boxes.set(name, { name, rows, column, x: BOX.margin + column * (BOX.width + BOX.gapX), y, height });
      y += height + BOX.gapY;
    }
  });
  return boxes;
}

function drawBox({ name, rows, x, y, height }) {
  const lines = rows.map(({ column, type, key, nullable }, index) => {
    const baseline = y + BOX.header + index * BOX.row + 13;
    const weight = key ? ' font-weight="bold"' : '';
    return (
      `<text x="${x + 8}" y="${baseline}"${weight}>${column}</text>` +
      `<text x="${x + BOX.width - 8}" y="${baseline}" text-anchor="end" fill="#57606a">${shortType(type)}${nullable ? '?' : ''}</text>`
    );
  });
  return `<g>
<rect x="${x}" y="${y}" width="${BOX.width}" height="${height}" rx="4" fill="#f6f8fa" stroke="#57606a"/>
<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.header}" rx="4" fill="#1a3443"/>
<text x="${x + 8}" y="${y + 16}" font-size="13" font-weight="bold" fill="#ffffff">${name}</text>
${lines.join('\n')}
</g>`;
}

/** A curve from a column to the table that it refers to, between the sides that face each other. */
function edge(boxes, { table, column, target }, isDashed) {
  const [from, to] = [boxes.get(table), boxes.get(target)];
  const row = from.rows.findIndex((one) => one.column === column);
  const startY = from.y + BOX.header + row * BOX.row + 9;
  const endY = to.y + BOX.header / 2;
  const [startsRight, endsRight] =
    from.column === to.column ? [true, true] : from.column < to.column ? [true, false] : [false, true];
  const startX = from.x + (startsRight ? BOX.width : 0);
  const endX = to.x + (endsRight ? BOX.width : 0);
  const bend = BOX.gapX * 0.7;
  const [a, b] = [startX + (startsRight ? bend : -bend), endX + (endsRight ? bend : -bend)];
  const dashes = isDashed ? ' stroke-dasharray="5 3"' : '';
  return (
    `<path d="M${startX} ${startY}C${a} ${startY} ${b} ${endY} ${endX} ${endY}" fill="none" stroke="#c21431" stroke-opacity="0.6"${dashes}/>` +
    `<circle cx="${endX}" cy="${endY}" r="3" fill="#c21431"/>`
  );
}

function shortType(type) {
  return type
    .replace('character varying', 'varchar')
    .replace('timestamp with time zone', 'timestamptz')
    .replace('double precision', 'float8');
}
