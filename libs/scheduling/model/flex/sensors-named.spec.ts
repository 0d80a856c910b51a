import { sensorsDescribingSite, sensorsNamed } from './sensors-named';
import { sensorIdOf } from './variable-quantity';
import { FLEX_CONTEXT_FIELDS, FLEX_MODEL_FIELDS } from './vocabulary';

describe('sensorIdOf', () => {
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
  ])('takes %j for %j', (value, id) => {
    expect(sensorIdOf(value)).toBe(id);
  });
});

describe('sensorsNamed', () => {
  it('finds sensors by their ids, alone and in lists, as fields and as attributes', () => {
    const description = {
      'consumption-price-sensor': 1,
      consumption_price_sensor: 2,
      market_id: '3',
      'inflexible-device-sensors': [4, 'x', 5],
      'consumption-price': 6,
    };
    expect(sensorsNamed(description)).toEqual([
      { id: 1, field: 'consumption-price-sensor' },
      { id: 2, field: 'consumption_price_sensor' },
      { id: 3, field: 'market_id' },
      { id: 4, field: 'inflexible-device-sensors.0' },
      { id: 5, field: 'inflexible-device-sensors.2' },
    ]);
  });

  it('finds references at any depth, in the order in which they stand', () => {
    const description = [
      { sensor: 1, 'soc-usage': ['1 kW', { sensor: 2 }], 'my-forecast': { of: [{ sensor: 3 }] } },
      { sensor: 4, notes: { sensors: 9, sensor: 'roof' } },
    ];
    expect(sensorsNamed(description)).toEqual([
      { id: 1, field: '0.sensor' },
      { id: 2, field: '0.soc-usage.1.sensor' },
      { id: 3, field: '0.my-forecast.of.0.sensor' },
      { id: 4, field: '1.sensor' },
    ]);
  });

  it('cuts long paths, so that names are not held once for each sensor', () => {
    const name = 'x'.repeat(100_000);
    const ids = Array.from({ length: 10_000 }, (_, i) => i + 1);
    const named = sensorsNamed({ [name]: { deeper: { sensor: ids } } });
    expect(named.map(({ id }) => id)).toEqual(ids);
    // What hashes or searches the paths reads each of their characters.
    const paths = new Set(named.map(({ field }) => field));
    expect([...paths]).toEqual([`${'x'.repeat(200)}…`]);
  });

  it('stands any nesting', () => {
    const depth = 50_000;
    const nested = JSON.parse(`${'{"a":'.repeat(depth)}{"sensor":1}${'}'.repeat(depth)}`) as object;
    expect(sensorsNamed(nested)).toHaveLength(1);
  });
});

describe('sensorsDescribingSite', () => {
  it('finds a sensor wherever a field may stand', () => {
    const ids = (attributes: object, flexModel = {}) =>
      sensorsDescribingSite({
        devices: [
          { name: 'a', flexModel, attributes: { ...attributes }, isStorageType: true, readPower: unread },
        ],
        flexContext: {},
        attributes: { ...attributes },
      });
    for (const field of [...FLEX_MODEL_FIELDS, ...FLEX_CONTEXT_FIELDS]) {
      const group = (FLEX_MODEL_FIELDS as readonly string[]).includes(field) ? 'flex-model' : 'flex-context';
      for (const name of [field, field.replaceAll('-', '_')])
        expect(ids({ [name]: { sensor: 7 } })).toEqual([7]);
      for (const name of [group, group.replace('-', '_')])
        expect(ids({ [name]: { [field]: { sensor: 7 } } })).toEqual([7]);
    }
    expect(ids({ market_id: 7 })).toEqual([7]);
  });

  it('leaves out what is said otherwise', () => {
    const attributes = { 'consumption-capacity': { sensor: 7 } };
    const flexModel = { 'consumption-capacity': '5 kW' };
    const device = { name: 'a', attributes, isStorageType: true, readPower: unread };
    const site = (model: object) => ({
      devices: [{ ...device, flexModel: { ...model } }],
      flexContext: {},
      attributes: {},
    });
    expect(sensorsDescribingSite(site({}))).toEqual([7]);
    expect(sensorsDescribingSite(site(flexModel))).toEqual([]);
  });
});

const unread = () => Promise.reject(new Error('Nothing is read here.'));
