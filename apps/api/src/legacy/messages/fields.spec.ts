import { checkValueCount, readResolution, readSources } from './fields';

describe('The fields of a message', () => {
  it('takes ids of users and names of roles as sources', () => {
    expect(readSources({ source: [7, '8', 'MDC'] })).toEqual([7, 8, 'MDC']);
  });

  it.each<[unknown]>([[{}], [{ toString: 1 }], [true], [[]]])('rejects the source %j', (source) => {
    expect(() => readSources({ source: [source] })).toThrow('ids of users and names of account roles');
  });

  it.each<[unknown]>([[{ toString: 1 }], [[{ toString: 1 }]], [15]])(
    'rejects the resolution %j',
    (resolution) => {
      expect(() => readResolution({ resolution })).toThrow('cannot be parsed as ISO8601 duration');
    },
  );

  it('counts the values of a group once for each of its names', () => {
    const series = (names: number, values: number) => ({
      names: Array.from({ length: names }, () => 'CS 1'),
      values: new Float64Array(values),
    });
    expect(() => checkValueCount([series(400, 1000), series(600, 1000)])).not.toThrow();
    expect(() => checkValueCount([series(400, 1000), series(600, 1001)])).toThrow('1000600 events');
  });
});
