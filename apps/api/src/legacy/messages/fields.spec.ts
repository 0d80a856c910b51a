import { readResolution, readSources } from './fields';

describe('The fields of a message', () => {
  it('takes ids of users and names of roles as sources', () => {
    expect(readSources({ source: [7, '8', 'MDC'] })).toEqual([7, 8, 'MDC']);
  });

  it.each([{}, { toString: 1 }, true, [[]]])('rejects the source %j', (source) => {
    expect(() => readSources({ source: [source] })).toThrow('ids of users and names of account roles');
  });

  it.each([{ toString: 1 }, [{ toString: 1 }], 15])('rejects the resolution %j', (resolution) => {
    expect(() => readResolution({ resolution })).toThrow('cannot be parsed as ISO8601 duration');
  });
});
