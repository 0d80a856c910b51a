import {
  FLEX_FIELDS,
  type FlexField,
  type FlexGroup,
  isInAttributes,
  isSensorId,
  takesSensor,
} from '#lib/scheduling';
import { isThorough } from '../../harness/effort';
import { uniqueNumber } from '../../harness/scenes/api-scene';
import {
  BATTERY,
  START,
  startReferenceScene,
  type Place,
  type ReferenceScene,
  type Sensors,
} from '../../harness/scenes/reference-scene';

jest.setTimeout(300_000);

type Kind = keyof Sensors;

/** The unit of a sensor, by the measure of the field that refers to it. */
const KIND_OF_MEASURE: Record<string, Kind> = {
  energy: 'energy',
  power: 'power',
  share: 'share',
  'price of energy': 'price',
  'price of power': 'power price',
};

const KIND_OF_TYPE: Record<string, Kind> = { 'state-of-charge': 'state' };

/** A sensor gets its sign with its first schedule, so that others need another one. */
const KIND_OF_OUTPUT: Record<string, Kind> = { production: 'produced', 'aggregate-production': 'produced' };

/** Fields of a group that refer to a sensor in a given way, with the measure of the sensor. */
const fieldsOf = (group: FlexGroup, isReference: (field: FlexField) => boolean): Record<string, Kind> =>
  Object.fromEntries(
    Object.entries(FLEX_FIELDS[group])
      .filter(([, field]) => isReference(field))
      .map(([name, { measure, type }]) => [
        name,
        (type === 'output-sensor' && KIND_OF_OUTPUT[name]) ||
          KIND_OF_TYPE[type] ||
          KIND_OF_MEASURE[measure!]!,
      ]),
  );

/** Fields that came later and are never in attributes have tests of their own. */
const refersToSensor = (field: FlexField) =>
  takesSensor(field) && !isSensorId(field) && !field.isNotInAttributes;
const isRead = (field: FlexField) => refersToSensor(field) && isInAttributes(field);
/** In requests; attributes name no sensors that schedules write to. */
const SENT = {
  model: fieldsOf('flex-model', refersToSensor),
  context: fieldsOf('flex-context', refersToSensor),
};
const MODEL = fieldsOf('flex-model', isRead);
const CONTEXT = fieldsOf('flex-context', isRead);
/** Fields whose value is the id of a sensor. */
const IDS = fieldsOf('flex-context', ({ type }) => type === 'sensor-id');

const underscored = (field: string): string => field.replaceAll('-', '_');

/** A way to refer to a sensor in attributes: the field that is read through it, and the attributes. */
type Reference = [way: string, field: string, attributes: (sensors: Sensors) => object];

/** All ways of each field in thorough tests, otherwise one: in turn, so that each way is taken by several fields. */
const inTurn = (ways: Reference[], index: number): Reference[] =>
  isThorough ? ways : [ways[index % ways.length]!];

/** All in thorough tests, otherwise some: in turn, so that each one is tried with several of what it is tried with. */
const someOf = <T>(all: readonly T[], count: number, turn: number): readonly T[] =>
  isThorough ? all : Array.from({ length: count }, (_, i) => all[(turn + i) % all.length]!);

const quantities = (group: string, fields: Record<string, Kind>): Reference[] =>
  Object.entries(fields).flatMap(([field, kind], index): Reference[] =>
    inTurn(
      [
        [field, field, (sensors) => ({ [field]: { sensor: sensors[kind] } })],
        [underscored(field), field, (sensors) => ({ [underscored(field)]: { sensor: sensors[kind] } })],
        [`${group}.${field}`, field, (sensors) => ({ [group]: { [field]: { sensor: sensors[kind] } } })],
        [
          `${underscored(group)}.${field}`,
          field,
          (sensors) => ({ [underscored(group)]: { [field]: { sensor: sensors[kind] } } }),
        ],
      ],
      index,
    ),
  );

const ids: Reference[] = Object.entries(IDS).flatMap(([field, kind]): Reference[] => [
  [field, field, (sensors) => ({ [field]: sensors[kind] })],
  [underscored(field), underscored(field), (sensors) => ({ [underscored(field)]: sensors[kind] })],
  [`flex-context.${field}`, field, (sensors) => ({ 'flex-context': { [field]: sensors[kind] } })],
]);

/** Everything that a schedule reads through attributes. */
const READ_BY_SCHEDULES: Reference[] = [
  ...quantities('flex-model', MODEL),
  ...quantities('flex-context', CONTEXT),
  ...ids,
  ['soc-gain, one of a list', 'soc-gain', ({ power }) => ({ 'soc-gain': ['1 kW', { sensor: power }] })],
  ['market_id', 'market_id', ({ price }) => ({ market_id: price })],
  ['market_id in digits', 'market_id', ({ price }) => ({ market_id: String(price) })],
];

/** Everything that forecasts, charts and plugin schedulers read through attributes. */
const READ_BY_OTHERS: Reference[] = [
  [
    'weather_correlations',
    'weather_correlations.1',
    ({ energy }) => ({ weather_correlations: ['wind', energy] }),
  ],
  ['sensors_to_show', 'sensors_to_show', ({ power }) => ({ sensors_to_show: [power] })],
  ['sensors_to_show, sharing a panel', 'sensors_to_show', ({ power }) => ({ sensors_to_show: [[power]] })],
  [
    'inflexible-device-sensors',
    'inflexible-device-sensors.0',
    ({ power }) => ({ 'inflexible-device-sensors': [power] }),
  ],
  [
    'an attribute of a plugin',
    'my-plugin.0.forecast.sensor',
    ({ power }) => ({ 'my-plugin': [{ forecast: { sensor: power } }] }),
  ],
];

const turnOf = (attributesOf: Reference[2]): number =>
  [...READ_BY_SCHEDULES, ...READ_BY_OTHERS].findIndex(([, , attributes]) => attributes === attributesOf);

/** The request without the fields that would override the attribute. */
function bodyWithout(field: string) {
  const without = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
  const context = without(BATTERY['flex-context']) as Record<string, string>;
  if (/consumption.price.sensor|market_id/.test(field)) delete context['consumption-price'];
  return {
    start: START,
    duration: 'PT4H',
    'flex-model': without(BATTERY['flex-model']),
    'flex-context': context,
  };
}

describe('case 1: references to sensors of another account', () => {
  let scene: ReferenceScene;
  beforeAll(async () => {
    scene = await startReferenceScene();
  });
  afterAll(() => scene.stop());
  afterEach(async () => {
    for (const place of ['sensor', 'asset', 'parent', 'grandparent'] as const)
      await scene.setAttributes(place, {});
    expect(scene.leaks()).toEqual([]);
  });

  const trigger = (field: string) =>
    scene.ask('POST', `/sensors/${scene.battery}/schedules/trigger`, bodyWithout(field));

  const triggerSite = (field: string) => {
    const { 'flex-model': model, ...body } = bodyWithout(field);
    const json = { ...body, 'flex-model': [{ ...model, sensor: scene.battery }] };
    return scene.ask('POST', `/assets/${scene.ids.parent}/schedules/trigger`, json);
  };

  /** The response that names the field and the sensor. */
  const refused = (field: string) => {
    const path = `(?:^|\\.)${field.replace(/[-_]/g, '[-_]')}(?:\\.[\\w-]+)*`;
    const reason = `${path}: user \\d+ may not read sensor \\d+(?:, which an attribute names)?\\.$`;
    const message = expect.stringMatching(reason) as string;
    return { status: 403, body: { message, result: 'Rejected', status: 'INVALID_SENDER' } };
  };

  const jobs = async () =>
    (await scene.sql.query("SELECT id FROM job WHERE queue = 'scheduling'")).rows.length;

  it('are refused in a field of a request, under the singular and the plural name', async () => {
    const before = await jobs();
    const { power } = scene.sensors.theirs;
    for (const reference of [{ sensor: power }, { sensors: power }, { sensors: [power] }]) {
      const body = bodyWithout('consumption-capacity');
      const json = { ...body, 'flex-model': { ...body['flex-model'], 'consumption-capacity': reference } };
      expect(await scene.ask('POST', `/sensors/${scene.battery}/schedules/trigger`, json)).toMatchObject(
        refused('consumption-capacity'),
      );
    }
    expect(await jobs()).toBe(before);
  });

  describe('in attributes', () => {
    it.each([...READ_BY_SCHEDULES, ...READ_BY_OTHERS])(
      'cannot be set by users: %s',
      async (_way, field, attributesOf) => {
        const [own, theirs] = [scene.sensors.own, scene.sensors.theirs].map((sensors) => ({
          attributes: JSON.stringify(attributesOf(sensors)),
        })) as [{ attributes: string }, { attributes: string }];
        const asset = () => ({ name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1 });
        const sensor = () => ({
          ...{ name: `sensor ${uniqueNumber()}`, unit: 'kW', event_resolution: 60 },
          ...{ generic_asset_id: scene.ids.asset },
        });
        const requests = [
          (given: object) => scene.ask('PATCH', `/assets/${scene.ids.asset}`, given),
          (given: object) => scene.ask('PATCH', `/sensors/${scene.battery}`, given, 'accountAdmin'),
          (given: object) => scene.ask('POST', '/assets', { ...asset(), ...given }, 'accountAdmin'),
          (given: object) => scene.ask('POST', '/sensors', { ...sensor(), ...given }, 'accountAdmin'),
        ];
        for (const door of someOf(requests, 2, turnOf(attributesOf))) {
          expect(await door(theirs)).toMatchObject(refused(field));
          expect([200, 201]).toContain((await door(own)).status);
        }
      },
    );

    it('are kept if the command line set them, but cannot be added by users', async () => {
      const { own, theirs } = scene.sensors;
      const patch = (attributes: object) =>
        scene.ask('PATCH', `/assets/${scene.ids.asset}`, { attributes: JSON.stringify(attributes) });
      await scene.setAttributes('asset', { market_id: theirs.price });
      expect((await patch({ market_id: theirs.price, note: 'kept' })).status).toBe(200);
      const more = { market_id: theirs.price, 'production-price': { sensor: theirs.price } };
      expect(await patch(more)).toMatchObject(refused('production-price'));
      expect((await patch({ market_id: own.price })).status).toBe(200);
      expect(await patch({ market_id: theirs.price })).toMatchObject(refused('market_id'));
    });

    it.each(READ_BY_SCHEDULES)('are not read by a schedule: %s', async (_way, field, attributesOf) => {
      const { own, theirs } = scene.sensors;
      const [before, path] = [await jobs(), field in MODEL ? `flex-model.0.${field}` : field];
      const places: Place[] = ['sensor', 'asset', 'parent', 'grandparent'];
      for (const place of someOf(places, 2, turnOf(attributesOf))) {
        // A sensor's attributes contain only its market of the flex-context.
        if (place === 'sensor' && !(field in MODEL) && field !== 'market_id') continue;
        await scene.setAttributes(place, attributesOf(theirs));
        expect(await trigger(field)).toMatchObject(refused(field));
        await scene.setAttributes(place, {});
      }
      await scene.setAttributes('parent', attributesOf(theirs));
      expect(await triggerSite(field)).toMatchObject(refused(path));
      expect(await jobs()).toBe(before);
      await scene.setAttributes('parent', attributesOf(own));
      expect(await trigger(field)).toMatchObject({ status: 200 });
      expect(await triggerSite(field)).toMatchObject({ status: 200 });
    });

    const others = Object.values(FLEX_FIELDS)
      .flatMap(Object.keys)
      .filter((field) => !(field in MODEL) && !(field in CONTEXT) && !(field in IDS));
    it.each(others)('are ignored in %s, which takes no sensor', async (field) => {
      const { theirs } = scene.sensors;
      const attributes = [{ sensor: theirs.power }, theirs.price, [theirs.power]];
      for (const attribute of someOf(attributes, 1, others.indexOf(field))) {
        await scene.setAttributes('asset', { [field]: attribute });
        const { status, body } = await trigger(field);
        expect([200, 403, 422]).toContain(status);
        if (status === 200) await scene.waitForJob((body as { schedule: string }).schedule);
        else expect(JSON.stringify(body)).not.toMatch(/is in (?:kW|EUR)/);
      }
    });
  });

  describe('in a request', () => {
    const inModel = Object.entries(SENT.model).map(([field, kind]) => [field, kind] as const);
    const inContext = Object.entries(SENT.context).map(([field, kind]) => [field, kind] as const);

    it.each(inModel)('are rejected in flex-model: %s', async (field, kind) => {
      const change = (id: number | string) => ({ ...BATTERY['flex-model'], [field]: { sensor: id } });
      await check(kind, field, (id) => ({ 'flex-model': change(id) }));
    });

    it.each(inContext)('are rejected in flex-context: %s', async (field, kind) => {
      const change = (id: number | string) => ({ ...BATTERY['flex-context'], [field]: { sensor: id } });
      await check(kind, field, (id) => ({ 'flex-context': change(id) }));
    });

    it.each<[string, Kind, (id: number | string) => object]>([
      ['consumption-price-sensor', 'price', (id) => ({ 'consumption-price-sensor': id })],
      [
        'production-price-sensor',
        'price',
        (id) => ({ ...BATTERY['flex-context'], 'production-price-sensor': id }),
      ],
      [
        'inflexible-device-sensors',
        'power',
        (id) => ({ ...BATTERY['flex-context'], 'inflexible-device-sensors': [id] }),
      ],
      [
        'inflexible-device-sensors',
        'power',
        (id) => ({ ...BATTERY['flex-context'], 'inflexible-device-sensor': id }),
      ],
    ])('are rejected in flex-context by id: %s', async (field, kind, contextOf) => {
      await check(kind, field, (id) => ({ 'flex-context': contextOf(id) }));
    });

    it.each<[string, Kind, object]>([
      ['inflexible-consumption', 'power', [{ sensor: 0 }]],
      ['inflexible-production', 'produced', [{ sensor: 0 }]],
      ['commitments', 'power', [{ name: 'one', baseline: { sensor: 0 }, 'up-price': '1 EUR/MWh' }]],
      ['commitments', 'price', [{ name: 'one', baseline: '1 kW', 'down-price': { sensor: 0 } }]],
      ['commodities', 'price', [{ commodity: 'gas', 'consumption-price': { sensor: 0 } }]],
      ['commodities', 'power', [{ commodity: 'heat', 'inflexible-consumption': [{ sensor: 0 }] }]],
    ])('are rejected in lists of the flex-context: %s, %s', async (field, kind, list) => {
      const withId = (id: number | string): unknown =>
        JSON.parse(JSON.stringify(list).replace('"sensor":0', `"sensor":${JSON.stringify(id)}`));
      const contextOf = (id: number | string) => ({ ...BATTERY['flex-context'], [field]: withId(id) });
      await check(kind, field, (id) => ({ 'flex-context': contextOf(id) }));
    });

    it.each<[string, Kind]>([
      ['consumption-price-sensor', 'price'],
      ['production-price-sensor', 'price'],
      ['inflexible-device-sensors', 'power'],
    ])('are rejected at the top level: %s', async (field, kind) => {
      const isList = field === 'inflexible-device-sensors';
      await check(kind, field, (id) => ({ [field]: isList ? [id] : id }));
    });

    /** Expects that a sensor of another account is rejected by id and by address, and that an own sensor is accepted. */
    async function check(kind: Kind, field: string, change: (id: number | string) => object) {
      const { own, theirs } = scene.sensors;
      const send = (id: number | string) =>
        scene.ask('POST', `/sensors/${scene.battery}/schedules/trigger`, {
          ...{ start: START, duration: 'PT4H' },
          ...BATTERY,
          ...change(id),
        });
      for (const id of [theirs[kind], `ea1.2021-01.com.example:fm1.${theirs[kind]}`])
        expect(await send(id)).toMatchObject(refused(field));
      expect(await send(own[kind])).toMatchObject({ status: 200 });
    }

    it.each<[string, Kind, (id: number) => object, string]>([
      [
        'as measured devices',
        'produced',
        (id: number) => ({ 'inflexible-production': { sensor: id } }),
        'inflexible-production',
      ],
      ['as groups', 'power', (id: number) => ({ sensor: id, 'power-capacity': '1 MW' }), 'sensor'],
    ])('are rejected in other entries of a site: %s', async (_, kind, entryOf, field) => {
      const send = (id: number) =>
        scene.ask('POST', `/assets/${scene.ids.parent}/schedules/trigger`, {
          ...{ start: START, duration: 'PT4H' },
          'flex-context': BATTERY['flex-context'],
          'flex-model': [
            {
              ...BATTERY['flex-model'],
              sensor: scene.battery,
              ...(field === 'sensor' && { group: { sensor: id } }),
            },
            entryOf(id),
          ],
        });
      expect(await send(scene.sensors.theirs[kind])).toMatchObject({ status: 403 });
      expect(await send(scene.sensors.own[kind])).toMatchObject({ status: 200 });
    });

    it('are rejected as devices of a site', async () => {
      const send = (id: number) =>
        scene.ask('POST', `/assets/${scene.ids.parent}/schedules/trigger`, {
          ...{ start: START, duration: 'PT4H' },
          'flex-context': BATTERY['flex-context'],
          'flex-model': [{ ...BATTERY['flex-model'], sensor: scene.battery }, { sensor: id }],
        });
      expect(await send(scene.sensors.theirs.power)).toMatchObject(refused('flex-model.1.sensor'));
      expect(await send(scene.sensors.own.power)).toMatchObject({ status: 200 });
    });
  });
});
