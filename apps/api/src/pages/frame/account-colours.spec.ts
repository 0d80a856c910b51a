import fc from 'fast-check';
import { colourSheet, colourSheetPath } from './account-colours';

const paths = (primaryColor: string | null, secondaryColor: string | null = null) =>
  colourSheetPath({ primaryColor, secondaryColor });

/** Relative luminance and contrast by the text of WCAG, for colours in hex digits. */
function luminance(hex: string): number {
  const weights = [0.2126, 0.7152, 0.0722];
  return weights.reduce((sum, weight, i) => {
    const share = Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
    return sum + weight * (share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4));
  }, 0);
}
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The values of a property, in the order of the rules. */
const valuesOf = (sheet: string, property: string): string[] =>
  [...sheet.matchAll(new RegExp(`${property}: ([^;]+);`, 'g'))].map(([, value]) => value!);

describe('colours of an account', () => {
  it('are in the path of their style sheet', () => {
    expect(paths(null, '#123456')).toBeUndefined();
    expect(paths('#0F5C73')).toBe('/static/colours/0f5c73-0f5c73.css');
    expect(paths('#abc', '#123456')).toBe('/static/colours/aabbcc-123456.css');
  });

  it.each(['', 'red.css', '0f5c73.css', '0f5c73-0f5c7.css', '0f5c73-0f5c73.css.map', '../0f5c73-0f5c73.css'])(
    'have no style sheet %j',
    (name) => expect(colourSheet(name)).toBeUndefined(),
  );

  it('stay as they are if they can be read', () => {
    const sheet = colourSheet('0f5c73-b3261e.css')!;
    expect(valuesOf(sheet, '--fm-header')).toEqual(['#0f5c73']);
    expect(valuesOf(sheet, '--fm-accent')[0]).toBe('#b3261e');
    expect(valuesOf(sheet, '--bs-link-color-rgb')[0]).toBe('179, 38, 30');
  });

  it('can be read on light and dark pages, whatever they are', () => {
    const digits = fc.integer({ min: 0, max: 0xffffff }).map((n) => n.toString(16).padStart(6, '0'));
    fc.assert(
      fc.property(digits, digits, (header, accent) => {
        const sheet = colourSheet(`${header}-${accent}.css`)!;
        const [light, dark] = valuesOf(sheet, '--fm-accent') as [string, string];
        const [lightText, darkText] = valuesOf(sheet, '--fm-accent-text') as [string, string];
        const [headerText] = valuesOf(sheet, '--fm-header-text') as [string];
        for (const [text, ground] of [
          [light, '#ffffff'],
          [light, '#f4f6f7'],
          [dark, '#1b2226'],
          [dark, '#12171a'],
          [lightText, light],
          [darkText, dark],
          [headerText, `#${header}`],
        ] as const)
          expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
      }),
      { seed: 20261130 },
    );
  });
});
