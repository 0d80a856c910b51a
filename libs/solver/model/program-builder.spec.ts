import { ProgramBuilder } from './program-builder';

describe('ProgramBuilder', () => {
  it('stores rows one after another', () => {
    const builder = new ProgramBuilder();
    const x = builder.addColumn(1, 0, 10);
    const y = builder.addColumn(-2, -Infinity, Infinity, 'integer');
    expect(builder.addRow(-Infinity, 4, [x, y], [1, 3])).toBe(0);
    expect(builder.addRow(2, 2, [y], [5])).toBe(1);
    expect(builder.build()).toEqual({
      columnCount: 2,
      rowCount: 2,
      cost: Float64Array.of(1, -2),
      columnLower: Float64Array.of(0, -Infinity),
      columnUpper: Float64Array.of(10, Infinity),
      integer: Uint8Array.of(0, 1),
      rowLower: Float64Array.of(-Infinity, 2),
      rowUpper: Float64Array.of(4, 2),
      rowStarts: Int32Array.of(0, 2, 3),
      indices: Int32Array.of(0, 1, 1),
      values: Float64Array.of(1, 3, 5),
    });
  });

  it('grows beyond its initial capacity', () => {
    const builder = new ProgramBuilder();
    for (let i = 0; i < 1000; i++) builder.addRow(0, i, [builder.addColumn(i, 0, 1)], [i]);
    const program = builder.build();
    expect([program.cost.length, program.rowStarts.length, program.values[999]]).toEqual([1000, 1001, 999]);
    expect(program.integer).toBeUndefined();
  });

  it('throws a RangeError for a column that does not exist', () => {
    expect(() => new ProgramBuilder().addRow(0, 1, [0], [1])).toThrow(RangeError);
  });
});
