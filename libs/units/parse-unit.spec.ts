import { isValidUnit, parseQuantity, quantityTo, UnitError } from './index';
import {
  isCurrency,
  isEnergyPriceUnit,
  isEnergyUnit,
  isPowerUnit,
  isPriceUnit,
  sameDimension,
} from './index';
import { parseUnit } from './parse-unit';

describe('isValidUnit', () => {
  it.each([
    ['', 'kW', 'MWh', 'watthour', 'kilowatthour', 'toe', 't', 'tonne', 'l', 'h', 'hour', 'd', 'min'],
    ['%', '‰', 'ppm', '°C', 'degC', 'K', '°F', '°', 'm/s', 'knot', 'mbar', 'VA', 'kVAr', 'Ah', 'µs', 'kΩ'],
    ['W/m²', 'kW/m^2', 'kW/m**2', 'm⁻²', 'km³/h', 'm3/h', 'l/(100km)', '100km', '-W', '-1.5e3 W', 'kg·m/s²'],
    ['EUR', 'KRW/kWh', 'EUR/MWh', 'kEUR/MW', 'EUR/kW/h', 'XAU', 'VED', 'm s', 'kW h'],
  ])('accepts the units of the energy field', (...units) => {
    expect(units.filter((unit) => !isValidUnit(unit))).toEqual([]);
  });

  it.each([
    [
      'not-a-unit',
      'kwh',
      'XYZ',
      'Infinity',
      'NaN',
      'constructor',
      'kconstructor',
      '__proto__',
      '¤',
      'kct',
      'pEUR',
    ],
    [
      '/h',
      'W/',
      'W//h',
      '(W',
      'W)',
      '()',
      'W^',
      'W^2.5',
      'W^99',
      '--W',
      '0 W',
      '1e9999 W',
      'W\u0000',
      'm'.repeat(300),
    ],
  ])('rejects everything else', (...units) => {
    expect(units.filter((unit) => isValidUnit(unit))).toEqual([]);
  });

  it('accepts deep nesting up to the length limit', () => {
    expect(isValidUnit(`${'('.repeat(49)}W${')'.repeat(49)}`)).toBe(true);
    expect(isValidUnit('('.repeat(100_000))).toBe(false);
  });

  it('rejects texts of more than 100 characters, also blank ones', () => {
    expect(isValidUnit(' '.repeat(100))).toBe(true);
    expect(isValidUnit(' '.repeat(101))).toBe(false);
    expect(() => parseUnit('m'.repeat(101))).toThrow('A unit has at most 100 characters.');
  });

  it('rejects factors beyond the range of doubles without computing them', () => {
    expect(isValidUnit('(10^20)^20')).toBe(true);
    expect(isValidUnit('((10^20)^20)^2')).toBe(false);
    expect(isValidUnit('1/((10^20)^20)^2')).toBe(false);
    expect(isValidUnit('((((1e399^20)^20)^20)^20)^20')).toBe(false);
  });
});

describe('parseQuantity', () => {
  it.each([
    ['50 kW', { value: 50, unit: 'kW' }],
    ['\n 5.5e1kWh ', { value: 55, unit: 'kWh' }],
    ['-.5', { value: -0.5, unit: '' }],
    ['3 /h', { value: 3, unit: '1/h' }],
    [`${'0'.repeat(399)}1 kW`, { value: 1, unit: 'kW' }],
    ['(30/2 - 1) kW', { value: 14, unit: 'kW' }],
    ['( 2 * (1.5 + -0.5) )EUR/kWh', { value: 2, unit: 'EUR/kWh' }],
    ['(10 - 2 - 3)', { value: 5, unit: '' }],
    ['(12 / 3 / 2) /h', { value: 2, unit: '1/h' }],
  ])('reads %j', (text, quantity) => {
    expect(parseQuantity(text)).toEqual(quantity);
  });

  it.each([
    '(1/0) kW',
    '(1 +) kW',
    '() kW',
    '(1 2) kW',
    '(kW) 3',
    '(3',
    `${'('.repeat(30)}1${')'.repeat(30)}`,
  ])('rejects %j', (text) => expect(() => parseQuantity(text)).toThrow('is not a quantity'));

  it('rejects texts of more than 500 characters and shows 60 of them', () => {
    const text = `${'1'.repeat(100_000)}x`;
    expect(() => parseQuantity(text)).toThrow(
      `"${'1'.repeat(60)}…" is not a quantity. A quantity has at most 500 characters.`,
    );
    expect(() => parseQuantity(`5${' '.repeat(500)}`)).toThrow('at most 500 characters');
  });
});

describe('unit kinds', () => {
  const units = [
    '',
    '%',
    'kW',
    'J/s',
    'VA',
    'MWh',
    'J',
    'toe',
    'EUR',
    'kEUR',
    'EUR/MWh',
    'KRW/kWh',
    'EUR/kW',
    'EUR^2/MWh',
  ];
  units.push('EUR/USD', 'EUR MWh', 'not-a-unit', '1/MWh', '°C');

  it.each([
    ['power', isPowerUnit, ['kW', 'J/s', 'VA']],
    ['energy', isEnergyUnit, ['MWh', 'J', 'toe']],
    ['currency', isCurrency, ['EUR', 'kEUR']],
    ['energy price', isEnergyPriceUnit, ['EUR/MWh', 'KRW/kWh']],
    ['price', isPriceUnit, ['EUR/MWh', 'KRW/kWh', 'EUR/kW']],
  ] as const)('identify %s units', (_, isKind, expected) => {
    expect(units.filter((unit) => isKind(unit))).toEqual(expected);
  });

  it('compares dimensions', () => {
    expect(sameDimension('EUR/kWh', 'EUR/MJ')).toBe(true);
    expect(sameDimension('EUR', 'USD')).toBe(false);
    expect(sameDimension('kW', 'kWh')).toBe(false);
    expect(sameDimension('', '%')).toBe(true);
    expect(sameDimension('nonsense', 'nonsense')).toBe(false);
  });
});

describe('parseQuantity and quantityTo', () => {
  it.each([
    ['50 kW', 50, 'kW'],
    ['225kWh', 225, 'kWh'],
    ['50%', 50, '%'],
    ['0.5', 0.5, ''],
    [' -.5e3 MW ', -500, 'MW'],
    ['1e-3kW', 0.001, 'kW'],
    ['5 l/(100km)', 5, 'l/(100km)'],
    ['2/h', 2, '1/h'],
    ['5 eV', 5, 'eV'],
  ])('read %j', (text, value, unit) => {
    expect(parseQuantity(text)).toEqual({ value, unit });
  });

  it('use the default unit if there is none', () => {
    expect(parseQuantity('3', 'MW')).toEqual({ value: 3, unit: 'MW' });
    expect(parseQuantity('3 kW', 'MW')).toEqual({ value: 3, unit: 'kW' });
  });

  it.each([
    ['kW', 'INVALID_QUANTITY'],
    ['', 'INVALID_QUANTITY'],
    ['1e999 kW', 'INVALID_QUANTITY'],
    ['5 nonsense', 'INVALID_UNIT'],
  ])('reject %j', (text, code) => {
    expect(() => parseQuantity(text)).toThrow(UnitError);
    expect(() => parseQuantity(text)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('convert to another unit', () => {
    expect(quantityTo('50 kW', 'MW')).toBe(0.05);
    expect(quantityTo('50%', 'MW', { capacity: '2 MW' })).toBe(1);
    expect(quantityTo('0.5', 'MW', { defaultUnit: 'kW' })).toBe(0.0005);
    expect(quantityTo('90%', '')).toBe(0.9);
  });
});
