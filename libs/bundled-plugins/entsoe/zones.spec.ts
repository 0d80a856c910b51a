import { isEic, readZone, ZONES } from './zones';

describe('Zones of entsoe', () => {
  it('have codes with a right check character, and time zones', () => {
    expect(ZONES.filter(({ eic }) => !isEic(eic))).toEqual([]);
    for (const { timezone } of ZONES)
      expect(() => new Intl.DateTimeFormat('en', { timeZone: timezone })).not.toThrow();
    expect(new Set(ZONES.map(({ eic }) => eic)).size).toBe(ZONES.length);
  });

  it('are found by name and by code, also areas without a name', () => {
    expect(readZone('de-lu')).toMatchObject({ eic: '10Y1001A1001A82H', timezone: 'Europe/Berlin' });
    expect(readZone('10YNL----------L').name).toBe('NL');
    expect(readZone('10YDE-VE-------2')).toMatchObject({
      name: '10YDE-VE-------2',
      timezone: 'Europe/Brussels',
    });
    // A wrong check character, and a country that has several zones.
    for (const text of ['10YNL----------M', 'SE', ''])
      expect(() => readZone(text)).toThrow('Must be one of AL, AT,');
  });
});
