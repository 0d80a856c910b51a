import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './project.mjs';

/**
 * Generates from the table of flex fields (libs/scheduling/model/flex/fields) their schemas in the contract and their
 * tables in docs/flexibility.md.
 */
const TABLE = join(root, 'libs', 'scheduling', 'model', 'flex', 'fields');
const DOCS = join(root, 'docs', 'flexibility.md');
/** Paths relative to the generated file. */
const SCHEMAS = '../schemas';

/** Schemas by value type; other types are described in their fields. */
const SCHEMA_OF_TYPE = {
  energy: 'schedules.yaml#/Quantity',
  quantity: 'schedules.yaml#/SignedQuantity',
  share: 'schedules.yaml#/Efficiency',
  price: 'schedules.yaml#/FixedPrice',
  'variable-quantity': 'schedules.yaml#/VariableQuantity',
  'variable-price': 'schedules.yaml#/Price',
  'energy-series': 'schedules.yaml#/SocSeries',
  'state-of-charge': 'schedules.yaml#/SocSeries',
  'output-sensor': 'schedules.yaml#/OutputSensor',
  'power-sum': 'schedules.yaml#/Flows',
  'energy-at-instant': 'schedules.yaml#/SocTarget',
  'sensor-id': 'references.yaml#/SensorReference',
  'sensor-reference': 'schedules.yaml#/SensorQuantity',
  group: 'schedules.yaml#/GroupReference',
};

/** Schemas of the items of lists by value type. */
const ITEMS_OF_TYPE = {
  'sensor-references': 'schedules.yaml#/SensorQuantity',
  'operation-modes': 'schedules.yaml#/OperationMode',
  commitments: 'schedules.yaml#/Commitment',
  commodities: 'schedules.yaml#/CommodityContext',
};

/** Most items of these lists. */
const MAX_ITEMS = 1000;

/** Columns of the tables in the docs. */
const DEVICES = {
  storage: 'storage',
  process: 'process',
  curtailable: 'curtailable production',
  flexible: 'flexible',
  inflexible: 'measured',
  group: 'group',
};
const VALUES_OF_TYPE = {
  energy: () => 'energy or %',
  quantity: ({ measure }) => measure,
  share: () => 'share',
  price: ({ measure }) => measure,
  'variable-quantity': ({ measure }) => `${measure}, variable`,
  'variable-price': ({ measure }) => `${measure}, variable`,
  'energy-series': () => 'energy or %, variable',
  'state-of-charge': () => 'energy or %, list, or sensor that is written to',
  'output-sensor': () => 'sensor that is written to',
  'power-sum': () => 'power, variable, or list',
  flag: () => '`true` or `false`',
  choice: ({ choices }) => choices.map((choice) => `\`${choice}\``).join(', '),
  duration: () => 'ISO 8601 duration',
  intervals: () => 'list of intervals',
  'sensor-id': () => 'id of a sensor',
  'sensor-ids': () => 'list of ids of sensors, or of references',
  'energy-at-instant': () => 'one entry of the list',
  'sensor-reference': () => 'sensor',
  'sensor-references': () => 'list of sensors',
  text: () => 'name',
  group: () => 'asset or sensor',
  'operation-modes': () => 'list of ranges of power',
  commitments: () => 'list',
  commodities: () => 'list of flex-contexts',
};

/** Loads the table of flex fields. It is compiled separately, so that it does not depend on a build of the project. */
async function loadTable() {
  const { transformFile } = await import('@swc/core');
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-fields-'));
  try {
    for (const name of readdirSync(TABLE).filter((file) => /^[\w-]+\.ts$/.test(file))) {
      const options = { cwd: root, configFile: join(root, '.swcrc'), sourceMaps: false };
      const { code } = await transformFile(join(TABLE, name), options);
      writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), code);
    }
    return createRequire(import.meta.url)(join(folder, 'index.js')).FLEX_FIELDS;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All field names of a group with their fields; the singular name follows the name of its list. */
const withSingulars = (fields) =>
  Object.entries(fields).flatMap(([name, field]) => {
    if (!field.singular) return [[name, field]];
    const { isAddition, devices, singular, example } = field;
    const description = `Another way to write \`${name}\` if there is only one.`;
    const one = { isAddition, devices, type: singular.type, description, example: example[0] };
    return [
      [name, field],
      [singular.name, one],
    ];
  });

/** The default of a field as a phrase; undefined without default. */
function defaultOf({ attribute, default: otherwise }) {
  if (!attribute) return otherwise;
  return `attribute \`${attribute.name}\`` + (otherwise ? `, else ${otherwise}` : '');
}

/** The schemas of the fields of each group, for references of the contract. */
export async function flexSchemas() {
  const groups = Object.entries(await loadTable()).map(([group, fields]) => [
    group,
    Object.fromEntries(withSingulars(fields).map(([name, field]) => [name, schemaOf(field)])),
  ]);
  const schemas = Object.fromEntries(groups);
  // The deprecated singular names are accepted beside the list of commodities only.
  const { commodities: _, 'inflexible-device-sensor': _single, ...ofCommodity } = schemas['flex-context'];
  schemas['commodity-context'] = ofCommodity;
  // A schema that refuses unknown fields cannot be extended by another one.
  schemas['site-flex-model'] = {
    sensor: SENSOR_OF_DEVICE,
    asset: ASSET_OF_DEVICE,
    ...schemas['flex-model'],
  };
  return `${JSON.stringify(schemas, null, 2)}\n`;
}

const SENSOR_OF_DEVICE = {
  description: 'Power sensor of the device. The schedule is stored as its data.',
  allOf: [{ $ref: `${SCHEMAS}/${SCHEMA_OF_TYPE['sensor-id']}` }],
};

const ASSET_OF_DEVICE = {
  type: 'integer',
  minimum: 1,
  'x-addition': true,
  description:
    'Asset of the device, in place of `sensor`: its power sensor is the one that its stored flex-model names, or its only one.',
  example: 3,
};

function schemaOf(field) {
  const { type, isAddition, description, defaultValue, example } = field;
  const byDefault = defaultValue === undefined ? defaultOf(field) : undefined;
  return {
    ...valueSchema(field),
    ...(isAddition && { 'x-addition': true }),
    description: byDefault ? `${description} By default ${byDefault}.` : description,
    ...(defaultValue !== undefined && { default: defaultValue }),
    ...(SCHEMA_OF_TYPE[type] && { allOf: [{ $ref: `${SCHEMAS}/${SCHEMA_OF_TYPE[type]}` }] }),
    example,
  };
}

function valueSchema({ type, choices }) {
  const listOf = (schema) => ({ type: 'array', items: { $ref: `${SCHEMAS}/${schema}` } });
  if (ITEMS_OF_TYPE[type]) return { ...listOf(ITEMS_OF_TYPE[type]), maxItems: MAX_ITEMS };
  if (type === 'text') return { type: 'string', minLength: 1, maxLength: 200 };
  switch (type) {
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: choices };
    case 'duration':
      return { type: 'string', format: 'duration' };
    case 'intervals':
      return listOf('schedules.yaml#/Interval');
    case 'sensor-ids':
      return listOf('schedules.yaml#/SensorInList');
    default:
      return {};
  }
}

/** The content of docs/flexibility.md, with newly generated tables and as stored. */
export async function flexDocs() {
  const { default: prettier } = await import('prettier');
  const before = readFileSync(DOCS, 'utf8');
  let after = before;
  for (const [group, fields] of Object.entries(await loadTable())) {
    const [start, end] = [`<!-- ${group}: generated`, `<!-- ${group}: end -->`];
    const from = after.indexOf('\n', after.indexOf(start));
    const to = after.indexOf(end);
    if (!after.includes(start) || to < from)
      throw new Error(`docs/flexibility.md has no marker ${start} or ${end}.`);
    after = `${after.slice(0, from)}\n\n${docsTable(fields)}\n\n${after.slice(to)}`;
  }
  const options = { ...(await prettier.resolveConfig(DOCS)), parser: 'markdown' };
  return { path: DOCS, before, after: await prettier.format(after, options) };
}

const devicesOf = ({ devices }) =>
  devices.length === Object.keys(DEVICES).length
    ? 'all'
    : devices.map((device) => DEVICES[device]).join(', ');

function docsTable(fields) {
  const hasDevices = Object.values(fields).some(({ devices }) => devices);
  const columns = ['field', ...(hasDevices ? ['device'] : []), 'value', 'example', 'meaning', 'default'];
  const rows = withSingulars(fields).map(([name, field]) => [
    `\`${name}\``,
    ...(hasDevices ? [devicesOf(field)] : []),
    VALUES_OF_TYPE[field.type](field),
    `\`${JSON.stringify(field.example)}\``,
    field.description.replace(/\.$/, ''),
    defaultOf(field) ?? '',
  ]);
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
