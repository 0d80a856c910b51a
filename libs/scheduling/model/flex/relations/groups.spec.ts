import { membersOfGroups, parseGroupKey } from './groups';

const device = (id: string, group?: unknown) => ({ id, path: `${id}.`, group });
const group = (key: string, parent?: unknown) => ({ id: key, key, path: `${key}.`, group: parent });

const field = (name: string) => expect.objectContaining({ code: 'FLEX_MODEL_INVALID', field: name }) as Error;

describe('membersOfGroups', () => {
  it('counts devices in groups inside a group', () => {
    const devices = [device('a', { sensor: 5 }), device('b', { asset: 7 }), device('c')];
    const groups = [group('sensor 5', { asset: 7 }), group('asset 7'), group('asset 8')];
    expect([...membersOfGroups(devices, groups)]).toEqual([
      ['sensor 5', ['a']],
      ['asset 7', ['a', 'b']],
      ['asset 8', []],
    ]);
  });

  it.each([
    ['itself', [group('asset 7', { asset: 7 })]],
    ['each other', [group('asset 7', { sensor: 5 }), group('sensor 5', { asset: 7 })]],
  ])('refuses groups that contain %s', (_, groups) => {
    expect(() => membersOfGroups([], groups)).toThrow(field('asset 7.group'));
  });

  it('refuses a group without an entry of its own', () => {
    expect(() => membersOfGroups([device('a', { asset: 9 })], [group('asset 7')])).toThrow(field('a.group'));
  });
});

describe('parseGroupKey', () => {
  it.each([
    ['feeder', 'group'],
    [{}, 'group'],
    [{ asset: 1, sensor: 2 }, 'group'],
    [{ asset: 'feeder' }, 'group.asset'],
    [{ sensor: -1 }, 'group.sensor'],
  ])('refuses %j', (value, path) => {
    expect(() => parseGroupKey(value, 'group')).toThrow(field(path));
  });
});
