import { pictureOf } from './plan-picture';

const PERIOD = { startMs: Date.parse('2026-03-04T06:00:00Z'), stepMs: 3_600_000, steps: 2, timezone: 'UTC' };

describe('pictureOf', () => {
  it('draws powers as steps around zero', () => {
    const picture = pictureOf({ title: 'battery', unit: 'kW', kind: 'power', values: [3, -1] }, PERIOD);
    expect(picture).toMatchObject({ path: 'M0 0H500V100H1000', zero: 75, highest: '3', lowest: '-1' });
    expect(picture).toMatchObject({ from: '2026-03-04 06:00', until: '2026-03-04 08:00' });
  });

  it('draws states of charge as a line from zero', () => {
    const picture = pictureOf({ title: 'battery', unit: 'kWh', kind: 'soc', values: [0, 4, 2] }, PERIOD);
    expect(picture).toMatchObject({ path: 'M0 100L500 0L1000 50', zero: 100 });
  });
});
