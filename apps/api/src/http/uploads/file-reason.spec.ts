import { BeliefFileError } from '#lib/beliefs/files';
import { fileReason } from './file-reason';

const reasonAt = (place: object): string =>
  fileReason(new BeliefFileError({ file: '/tmp/x1y2.csv', ...place }, "'eleven' is not a number"));

describe('fileReason', () => {
  it.each([
    [{ line: 3, column: 2, columnName: 'Price' }, "Line 3, column Price: 'eleven' is not a number."],
    [{ line: 3, column: 2 }, "Line 3, column 2: 'eleven' is not a number."],
    [{ line: 3 }, "Line 3: 'eleven' is not a number."],
    [{}, "'eleven' is not a number."],
  ])('says where in the file: %j', (place, reason) => {
    expect(reasonAt(place)).toBe(reason);
  });
});
