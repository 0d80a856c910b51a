import { entityAddress } from './entity-address';

const AUTH_STARTS = { 'flexmeasures.io': '2021-01', 'company.flexmeasures.io': '2021-02' };
const DECEMBER = new Date('2026-12-31T23:59:59Z');

describe('entityAddress', () => {
  it.each([
    ['flexmeasures.io', 'ea1.2021-01.io.flexmeasures:fm1.42'],
    ['company.flexmeasures.io', 'ea1.2021-02.io.flexmeasures.company:fm1.42'],
    ['Other.FlexMeasures.io:8443', 'ea1.2021-01.io.flexmeasures.other:fm1.42'],
    ['notflexmeasures.io', 'ea1.2027-01.io.notflexmeasures:fm1.42'],
    ['localhost:5000', 'ea1.2027-01.localhost:fm1.42'],
    ['127.0.0.1:5000', 'ea1.2027-01.localhost:fm1.42'],
    ['[::1]:5000', 'ea1.2027-01.localhost:fm1.42'],
    ['constructor', 'ea1.2027-01.constructor:fm1.42'],
    ['a b>', 'ea1.2027-01.localhost:fm1.42'],
    ['', 'ea1.2027-01.localhost:fm1.42'],
  ])('builds for the host "%s" the address %s', (host, address) => {
    expect(entityAddress(42, host, AUTH_STARTS, DECEMBER)).toBe(address);
  });
});
