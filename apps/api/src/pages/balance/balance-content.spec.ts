import { FLOWS, type Flow } from '#lib/balance';
import { dayInWords } from './balance-content';

const energyKwh = {
  ...(Object.fromEntries(FLOWS.map((flow) => [flow, 0])) as Record<Flow, number>),
  import: 8.1,
};
const DAY = { date: '2026-03-04', energyKwh, cost: 1.624, revenue: 0, unknownHours: 0 };

it('tells a day in a sentence', () => {
  expect(dayInWords(DAY, 'EUR')).toBe('Bought 8.1 kWh for 1.62 EUR, sold 0 kWh for 0.00 EUR.');
  const sunny = {
    ...DAY,
    energyKwh: { ...energyKwh, production: 12 },
    cost: null,
    revenue: null,
    unknownHours: 1.5,
  };
  expect(dayInWords(sunny, null)).toBe(
    'Bought 8.1 kWh, sold 0 kWh, produced 12 kWh, 1.5 hours are not known.',
  );
  const nothing = Object.fromEntries(FLOWS.map((flow) => [flow, 0])) as Record<Flow, number>;
  expect(dayInWords({ ...DAY, energyKwh: nothing, unknownHours: 4.25 }, 'EUR')).toBeUndefined();
});
