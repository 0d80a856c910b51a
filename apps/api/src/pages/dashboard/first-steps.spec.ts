import { stepsOf, type Progress } from './first-steps.service';

const NOTHING: Progress = { assets: [], sensors: [], hasData: false, isDescribed: false, hasSchedule: false };
const told = (progress: Partial<Progress>) =>
  stepsOf({ ...NOTHING, ...progress }).map(({ isDone, path }) => [isDone, path]);

it('opens a step when the steps before it are taken', () => {
  expect(told({})).toEqual([[false, '/assets/new'], ...Array.from({ length: 4 }, () => [false, undefined])]);
  expect(told({ assets: [{ id: 3 }] }).slice(0, 3)).toEqual([
    [true, '/assets/new'],
    [false, '/assets/3/sensors'],
    [false, undefined],
  ]);
  const sensors = [{ id: 7 }];
  expect(told({ assets: [{ id: 3 }], sensors, hasData: true, schedulable: sensors[0] })).toEqual([
    [true, '/assets/new'],
    [true, '/assets/3/sensors'],
    [true, '/sensors/7/upload'],
    [false, '/assets/3/flexibility'],
    [false, '/sensors/7/schedule'],
  ]);
});

it('leads to a sensor that has no data yet', () => {
  const sensors = [{ id: 7 }, { id: 8 }];
  expect(told({ assets: [{ id: 3 }], sensors, empty: sensors[1] })[2]).toEqual([false, '/sensors/8/upload']);
});
