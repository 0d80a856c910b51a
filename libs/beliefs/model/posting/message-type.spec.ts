import { errorOf } from '../reference/beliefs.fixture';
import { checkTimeOfType, checkUnitOfType, horizonBoundsOfType, type PostMessageType } from './message-type';

describe('checkUnitOfType', () => {
  it.each([
    ['PostSensorDataRequest', 'm³/h'],
    ['PostMeterDataRequest', 'kW'],
    ['GetPrognosisRequest', 'kWh'],
    ['PostPriceDataRequest', 'EUR/MWh'],
    ['PostWeatherDataRequest', '°C'],
  ] as const)('accepts for %s the unit %s', (type, unit) => {
    expect(() => checkUnitOfType(type, unit)).not.toThrow();
  });

  it.each([
    ['PostMeterDataRequest', '°C'],
    ['GetMeterDataRequest', 'EUR/MWh'],
    ['GetPriceDataRequest', 'MW'],
    ['PostWeatherDataRequest', 'MW'],
    ['PostWeatherDataRequest', 'EUR/MWh'],
  ] as const)('rejects for %s the unit %s', (type, unit) => {
    expect(errorOf(() => checkUnitOfType(type, unit))).toMatchObject({ code: 'INVALID_UNIT' });
  });
});

describe('checkTimeOfType', () => {
  const check = (type: PostMessageType, firstEndMs: number, lastEndMs: number) => () =>
    checkTimeOfType(type, { firstEndMs, lastEndMs, nowMs: 100 });

  it('requires meter data in the past, and the first event of a prognosis not to have ended', () => {
    expect(check('PostMeterDataRequest', 50, 100)).not.toThrow();
    expect(check('PostMeterDataRequest', 50, 101)).toThrow('must lie in the past');
    expect(check('PostPrognosisRequest', 101, 200)).not.toThrow();
    expect(check('PostPrognosisRequest', 100, 200)).toThrow('must lie in the future');
    expect(check('PostSensorDataRequest', 50, 200)).not.toThrow();
  });
});

describe('horizonBoundsOfType', () => {
  it('asks for measurements for meter data, and for forecasts for prognoses', () => {
    expect(horizonBoundsOfType('GetMeterDataRequest', -5)).toEqual({
      horizonAtLeastMs: -5,
      horizonAtMostMs: 0,
    });
    expect(horizonBoundsOfType('GetPrognosisRequest', -5)).toEqual({ horizonAtLeastMs: 0 });
    expect(horizonBoundsOfType('GetPrognosisRequest', 5)).toEqual({ horizonAtLeastMs: 5 });
    expect(horizonBoundsOfType('GetSensorDataRequest', -5)).toEqual({ horizonAtLeastMs: -5 });
  });
});
