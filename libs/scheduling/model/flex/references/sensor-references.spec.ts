import { FLEX_FIELDS, type FlexField, type FlexGroup, isInAttributes, takesSensor } from '../fields';
import {
  findSensorIdsOfSite,
  findSensorReferences,
  inflexibleSensorIds,
  measureOfReference,
} from './sensor-references';
import { parseSensorId } from '../values/variable-quantity';

describe('parseSensorId', () => {
  it.each([
    [5, 5],
    ['5', 5],
    [0, undefined],
    [-5, undefined],
    [5.5, undefined],
    ['5.0', undefined],
    ['0x5', undefined],
    [[5], undefined],
    [true, undefined],
    [null, undefined],
  ])('parses %j as %j', (value, id) => {
    expect(parseSensorId(value)).toBe(id);
  });
});

describe('findSensorReferences', () => {
  it('finds ids of sensors, single ones and lists, in fields and in attributes', () => {
    const description = {
      'consumption-price-sensor': 1,
      consumption_price_sensor: 2,
      market_id: '3',
      'inflexible-device-sensors': [4, 'x', 5],
      'consumption-price': 6,
    };
    expect(findSensorReferences(description)).toEqual([
      { id: 1, field: 'consumption-price-sensor' },
      { id: 2, field: 'consumption_price_sensor' },
      { id: 3, field: 'market_id' },
      { id: 4, field: 'inflexible-device-sensors.0' },
      { id: 5, field: 'inflexible-device-sensors.2' },
    ]);
  });

  it('finds references at any depth, in their order', () => {
    const description = [
      { sensor: 1, 'soc-usage': ['1 kW', { sensor: 2 }], 'my-forecast': { of: [{ sensor: 3 }] } },
      { sensor: 4, notes: { sensors: 9, sensor: 'roof' } },
    ];
    expect(findSensorReferences(description)).toEqual([
      { id: 1, field: '0.sensor' },
      { id: 2, field: '0.soc-usage.1.sensor' },
      { id: 3, field: '0.my-forecast.of.0.sensor' },
      { id: 4, field: '1.sensor' },
    ]);
  });

  it('accepts any depth of nesting and cuts long paths', () => {
    const depth = 50_000;
    const nested = JSON.parse(`${'{"a":'.repeat(depth)}{"sensor":1}${'}'.repeat(depth)}`) as object;
    const references = findSensorReferences(nested);
    expect(references).toEqual([{ id: 1, field: expect.stringMatching(/^(?:a\.){100}…/) as string }]);
    expect(references[0]!.field.length).toBeLessThan(250);
  });
});

describe('findSensorIdsOfSite', () => {
  it('finds a sensor in all places of each field that takes one', () => {
    const ids = (attributes: object, flexModel = {}) =>
      findSensorIdsOfSite({
        devices: [
          {
            id: '1',
            name: 'a',
            flexModel,
            attributes: { ...attributes },
            isStorageType: true,
            readPower: unread,
          },
        ],
        flexContext: {},
        attributes: { ...attributes },
      });
    for (const [group, fields] of Object.entries(FLEX_FIELDS) as [FlexGroup, object][]) {
      for (const [field, entry] of Object.entries(fields) as [string, FlexField][]) {
        // Attributes never name sensors that schedules write to.
        const expected = takesSensor(entry) && isInAttributes(entry) ? [7] : [];
        for (const name of [field, field.replaceAll('-', '_')])
          expect([name, ids({ [name]: { sensor: 7 } })]).toEqual([name, expected]);
        for (const name of [group, group.replace('-', '_')])
          expect([name, field, ids({ [name]: { [field]: { sensor: 7 } } })]).toEqual([name, field, expected]);
      }
    }
    expect(ids({ market_id: 7 })).toEqual([7]);
  });

  it('leaves out sensors of attributes that the flex-model replaces', () => {
    const attributes = { 'consumption-capacity': { sensor: 7 } };
    const flexModel = { 'consumption-capacity': '5 kW' };
    const device = { id: '1', name: 'a', attributes, isStorageType: true, readPower: unread };
    const site = (model: object) => ({
      devices: [{ ...device, flexModel: { ...model } }],
      flexContext: {},
      attributes: {},
    });
    expect(findSensorIdsOfSite(site({}))).toEqual([7]);
    expect(findSensorIdsOfSite(site(flexModel))).toEqual([]);
  });
});

describe('inflexibleSensorIds', () => {
  it('returns the ids in the order of the request', () => {
    expect(inflexibleSensorIds({ 'inflexible-device-sensors': [3, 1] })).toEqual([3, 1]);
    expect(inflexibleSensorIds({})).toEqual([]);
  });

  it('refuses a sensor that is in the list twice, whose power would be added twice', () => {
    expect(() => inflexibleSensorIds({ 'inflexible-device-sensors': [3, 1, 3] })).toThrow(
      expect.objectContaining({
        code: 'FLEX_MODEL_INVALID',
        field: 'inflexible-device-sensors.2',
        message: 'inflexible-device-sensors.2: sensor 3 is in the list twice.',
      }) as Error,
    );
  });
});

describe('measureOfReference', () => {
  it.each([
    ['consumption-price-sensor', 'price of energy'],
    ['production-price.sensor', 'price of energy'],
    ['production-price.mine.sensor', undefined],
    ['inflexible-device-sensors.1', 'power'],
    ['site-power-capacity.sensor', undefined],
    ['soc-minima-breach-price.sensor', undefined],
    ['my-field.sensor', undefined],
  ])('requires of %s: %s', (path, measure) => {
    expect(measureOfReference(path)).toBe(measure);
  });
});

const unread = () => Promise.reject(new Error('Nothing is read here.'));
