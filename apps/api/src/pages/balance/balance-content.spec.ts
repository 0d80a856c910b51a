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

it('does not say that a part of a site buys and sells', () => {
  const none = { ...energyKwh, import: 0 };
  const battery = { ...none, import: 5, export: 2, charge: 5, discharge: 2 };
  expect(dayInWords({ ...DAY, energyKwh: battery }, 'EUR', true)).toBe('Charged 5 kWh, discharged 2 kWh.');
  const heatPump = { ...none, flexible: 3, inflexible: 1 };
  expect(dayInWords({ ...DAY, energyKwh: heatPump, unknownHours: 2 }, 'EUR', true)).toBe(
    'Consumed 4 kWh, 2 hours are not known.',
  );
  expect(dayInWords({ ...DAY, energyKwh: { ...none, production: 7 } }, 'EUR', true)).toBe('Produced 7 kWh.');
  expect(dayInWords({ ...DAY, energyKwh: none }, 'EUR', true)).toBeUndefined();
});
