import { groupTypes } from './type-groups';

it('counts asset types in groups, and those without a group after them', () => {
  const types = ['solar', 'battery', 'wind', 'solar', 'building'].map((name, id) => ({ id, name }));
  const groups = { renewables: ['solar', 'wind'], EVSE: ['one-way_evse'] };
  const rows = groupTypes(types, groups);
  expect(rows.map(({ name, count }) => [name, count])).toEqual([
    ['renewables', 3],
    ['battery', 1],
    ['building', 1],
  ]);
  expect(rows[0]!.members).toMatchObject([
    { name: 'solar', count: 2, typeId: 0 },
    { name: 'wind', count: 1, typeId: 2 },
  ]);
});
