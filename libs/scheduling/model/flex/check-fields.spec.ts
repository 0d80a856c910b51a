import { assertFieldsOfKind, assertKnownFields, deviceKind } from './check-fields';

describe('assertKnownFields', () => {
  it('accepts the sensor of a device only in a flex-model', () => {
    assertKnownFields({ sensor: 1, 'soc-min': 0 }, 'flex-model', '');
    expect(() => {
      assertKnownFields({ sensor: 1 }, 'flex-context', '');
    }).toThrow('sensor: Unknown field.');
  });

  it.each(['foo', 'site-power-capacity', 'soc-target', 'constructor'])(
    'refuses %s in a flex-model and names its path',
    (name) => {
      expect(() => {
        assertKnownFields({ 'soc-min': 0, [name]: 1 }, 'flex-model', 'flex-model.1.');
      }).toThrow(`flex-model.1.${name}: Unknown field.`);
    },
  );
});

describe('deviceKind', () => {
  it.each([
    ['process', { 'process-type': 'SHIFTABLE', 'soc-min': 0, 'production-capacity': '1 kW' }, true],
    ['storage', { 'soc-min': 0, 'production-capacity': '1 kW' }, false],
    ['storage', {}, true],
    ['curtailable', { 'production-capacity': '1 kW' }, false],
    ['inflexible', { 'consumption-capacity': '1 kW' }, false],
  ])('is %s for %j if the type of the asset stores energy: %s', (kind, flexModel, isStorageType) => {
    expect(deviceKind({ flexModel: { ...flexModel }, isStorageType })).toBe(kind);
  });
});

describe('assertFieldsOfKind', () => {
  it.each([
    ['storage', 'power', 'a storage'],
    ['process', 'soc-min', 'a process'],
    ['curtailable', 'storage-efficiency', 'curtailable production'],
    ['inflexible', 'power-capacity', 'an inflexible device'],
  ] as const)('refuses for a device of kind %s: %s', (kind, field, name) => {
    assertFieldsOfKind({ sensor: 1, [field]: undefined }, kind);
    expect(() => {
      assertFieldsOfKind({ sensor: 1, [field]: 1 }, kind);
    }).toThrow(`${field}: does not apply to ${name}.`);
  });
});
