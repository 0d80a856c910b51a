import { BeliefFileError } from '#lib/beliefs/files';
import { describeFileError } from './describe-file-error';

const reasonAt = (place: object): string =>
  describeFileError(new BeliefFileError({ file: '/tmp/x1y2.csv', ...place }, "'eleven' is not a number"));

describe('describeFileError', () => {
  it.each([
    [{ line: 3, column: 2, columnName: 'Price' }, "Line 3, column Price: 'eleven' is not a number."],
    [{ line: 3, column: 2 }, "Line 3, column 2: 'eleven' is not a number."],
    [{ line: 3 }, "Line 3: 'eleven' is not a number."],
    [{}, "'eleven' is not a number."],
  ])('names the line and column of the error at %j', (place, reason) => {
    expect(reasonAt(place)).toBe(reason);
  });
});
