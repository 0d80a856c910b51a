import { FieldProblem, panelText, toAssetBody } from './asset-form';

describe('the form of an asset', () => {
  it('sends numbers, and null for what is empty', () => {
    expect(
      toAssetBody({
        name: 'battery',
        generic_asset_type_id: '5',
        latitude: '52.374',
        longitude: '',
        description: '',
      }),
    ).toEqual({
      name: 'battery',
      generic_asset_type_id: 5,
      latitude: 52.374,
      longitude: null,
      description: null,
    });
  });

  it('leaves texts that are no numbers to the API', () => {
    expect(toAssetBody({ latitude: 'north' })).toEqual({ latitude: 'north' });
  });

  it('names the line of an error in the attributes', () => {
    expect(toAssetBody({ attributes: '{"a": 1}' })).toEqual({ attributes: { a: 1 } });
    expect(() => toAssetBody({ attributes: '{\n  "a": 1,\n  b: 2\n}' })).toThrow(
      new FieldProblem('attributes', 'Not valid JSON: see line 3.'),
    );
  });

  it('reads graphs from lines, and writes them as lines', () => {
    const shown = [3, [2, 5], { title: 'Power', sensors: [2, 5] }];
    expect(panelText(shown)).toBe('3\n2, 5\nPower: 2, 5');
    expect(toAssetBody({ sensors_to_show: '3\r\n2, 5\n\nPower: 2, 5' })).toEqual({ sensors_to_show: shown });
    const others = [{ title: 'x', plots: [{ asset: 1, 'flex-model': 'soc-max' }] }];
    expect(toAssetBody({ sensors_to_show: panelText(others) })).toEqual({ sensors_to_show: others });
    expect(() => toAssetBody({ sensors_to_show: '[\n3,,]' })).toThrow('Not valid JSON: see line 2.');
    expect(() => toAssetBody({ sensors_to_show: '3, x' })).toThrow(FieldProblem);
  });
});
