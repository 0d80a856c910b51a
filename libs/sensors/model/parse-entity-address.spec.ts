import { parseEntityAddress } from './parse-entity-address';

const HOST = 'ea1.2021-01.io.flexmeasures.company';

describe('parseEntityAddress', () => {
  it.each([
    ['fm1.42', { kind: 'sensor', sensorId: 42 }],
    ['fm0.7:10', { kind: 'connection', ownerId: 7, sensorId: 10 }],
    ['3:4', { kind: 'connection', ownerId: 3, sensorId: 4 }],
    ['4', { kind: 'connection', sensorId: 4 }],
    ['7:10:203:soc', { kind: 'event', ownerId: 7, sensorId: 10, eventId: 203, eventType: 'soc' }],
    [
      'fm0.7:10:204:soc-with-targets',
      { kind: 'event', ownerId: 7, sensorId: 10, eventId: 204, eventType: 'soc-with-targets' },
    ],
    ['10:203:soc', { kind: 'event', sensorId: 10, eventId: 203, eventType: 'soc' }],
    [
      'temperature:33.4843866:126.477859',
      { kind: 'weather-sensor', sensorType: 'temperature', latitude: 33.4843866, longitude: 126.477859 },
    ],
    [
      'fm0.wind speed:-33:-7.25',
      { kind: 'weather-sensor', sensorType: 'wind speed', latitude: -33, longitude: -7.25 },
    ],
    ['epex_da', { kind: 'market', name: 'epex_da' }],
    ['fm0.kpx_da', { kind: 'market', name: 'kpx_da' }],
  ])('reads the locally unique part %s', (local, expected) => {
    expect(parseEntityAddress(`${HOST}:${local}`)).toEqual(expected);
  });

  it.each([
    ['CS 1', /starts with 'ea1'/],
    ['ea2.2021-01.io.flexmeasures:fm1.1', /starts with 'ea1'/],
    ['ea1.2021-13.io.flexmeasures:fm1.1', /year and a month/],
    ['ea1.2021-01.io.flexmeasures', /year and a month/],
    ['ea1.2021-01.io.flexmeasures:fm1.', /after the colon/],
    ['ea1.2021-01.io.flexmeasures:fm2.1', /after the colon/],
    ['ea1.2021-01.io.flexmeasures:1:2:3', /after the colon/],
    ['ea1.2021-01.io.flexmeasures:fm1.1234567890123456', /after the colon/],
    [`ea1.2021-01.${'x'.repeat(1000)}:fm1.1`, /starts with 'ea1'/],
  ])('rejects %j', (text, reason) => {
    expect(() => parseEntityAddress(text)).toThrow(reason);
  });
});
