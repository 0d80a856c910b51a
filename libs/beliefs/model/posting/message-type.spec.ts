import { errorOf } from '../reference/beliefs.fixture';
import { checkTimeOfType, checkUnitOfType, horizonsOfType, type PostedType } from './message-type';

describe('checkUnitOfType', () => {
  it.each([
    ['PostSensorDataRequest', 'm³/h'],
    ['PostMeterDataRequest', 'kW'],
    ['GetPrognosisRequest', 'kWh'],
    ['PostPriceDataRequest', 'EUR/MWh'],
    ['PostWeatherDataRequest', '°C'],
  ] as const)('%s takes %s', (type, unit) => {
    expect(() => checkUnitOfType(type, unit)).not.toThrow();
  });

  it.each([
    ['PostMeterDataRequest', '°C'],
    ['GetMeterDataRequest', 'EUR/MWh'],
    ['GetPriceDataRequest', 'MW'],
    ['PostWeatherDataRequest', 'MW'],
    ['PostWeatherDataRequest', 'EUR/MWh'],
  ] as const)('%s does not take %s', (type, unit) => {
    expect(errorOf(() => checkUnitOfType(type, unit))).toMatchObject({ code: 'INVALID_UNIT' });
  });
});

describe('checkTimeOfType', () => {
  const check = (type: PostedType, firstEndMs: number, lastEndMs: number) => () =>
    checkTimeOfType(type, { firstEndMs, lastEndMs, nowMs: 100 });

  it('wants meter data over, and the first event of a prognosis not', () => {
    expect(check('PostMeterDataRequest', 50, 100)).not.toThrow();
    expect(check('PostMeterDataRequest', 50, 101)).toThrow('must lie in the past');
    expect(check('PostPrognosisRequest', 101, 200)).not.toThrow();
    expect(check('PostPrognosisRequest', 100, 200)).toThrow('must lie in the future');
    expect(check('PostSensorDataRequest', 50, 200)).not.toThrow();
  });
});

describe('horizonsOfType', () => {
  it('looks after the fact for meter data, and before it for prognoses', () => {
    expect(horizonsOfType('GetMeterDataRequest', -5)).toEqual({ horizonAtLeastMs: -5, horizonAtMostMs: 0 });
    expect(horizonsOfType('GetPrognosisRequest', -5)).toEqual({ horizonAtLeastMs: 0 });
    expect(horizonsOfType('GetPrognosisRequest', 5)).toEqual({ horizonAtLeastMs: 5 });
    expect(horizonsOfType('GetSensorDataRequest', -5)).toEqual({ horizonAtLeastMs: -5 });
  });
});
