import { afterButton, toPanels, toRow } from './panel-rows';

const SHOWN = [
  3,
  [5],
  [2, 5],
  { title: 'Power', sensors: [2, 5] },
  { title: null, sensor: 4 },
  { title: 'x', plots: [{}] },
];

describe('Rows of panels', () => {
  it('keep all forms of panels that were not changed', () => {
    expect(toPanels(SHOWN.map(toRow))).toEqual({ panels: SHOWN, reasons: {} });
  });

  it('become panels again after a change', () => {
    const [first, second, , , , last] = SHOWN.map(toRow);
    const rows = [
      { ...first!, sensors: '3, 7' },
      { ...second!, title: 'Sun' },
      { ...last!, json: '{"title": "y", "plots": []}' },
      { title: '', sensors: '', json: '', was: '' },
    ];
    expect(toPanels(rows).panels).toEqual([
      [3, 7],
      { title: 'Sun', sensors: [5] },
      { title: 'y', plots: [] },
    ]);
  });

  it('tell what is wrong at the field', () => {
    const rows = [
      { title: 'a', sensors: 'x', json: '', was: '' },
      { title: '', sensors: '', json: '{', was: '' },
    ];
    expect(toPanels(rows).reasons).toEqual({
      'sensors.0': 'Ids of sensors are needed, such as 3 or 2, 5.',
      'json.1': 'Not valid JSON: see line 1.',
    });
  });

  it('move, go and come by buttons', () => {
    const rows = SHOWN.slice(0, 3).map(toRow);
    const sensorsAfter = (button: string) => afterButton(rows, button).map(({ sensors }) => sensors);
    expect(sensorsAfter('up.2')).toEqual(['3', '2, 5', '5']);
    expect(sensorsAfter('down.0')).toEqual(['5', '3', '2, 5']);
    expect(sensorsAfter('up.0')).toEqual(['3', '5', '2, 5']);
    expect(sensorsAfter('remove.1')).toEqual(['3', '2, 5']);
    expect(sensorsAfter('add')).toEqual(['3', '5', '2, 5', '']);
  });
});
