import type { AccountColours } from '#lib/accounts';

/** Path of the style sheets with the colours of accounts. */
export const COLOURS_PATH = '/static/colours';

type Colour = readonly [red: number, green: number, blue: number];

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

/** Grounds on which links and buttons stand: the darker one of the light pages, and the lighter one of the dark pages. */
const LIGHT_GROUND: Colour = [0xf4, 0xf6, 0xf7];
const DARK_GROUND: Colour = [0x1b, 0x22, 0x26];

/** Least contrast of text with its ground: WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = 4.5;

/** In how many steps a colour is mixed with black or white. */
const MIXTURES = 20;

/**
 * The style sheet with the colours of an account. Its path has the colours, so browsers may keep it.
 * @returns undefined for an account without a primary colour
 */
export function colourSheetPath({ primaryColor, secondaryColor }: AccountColours): string | undefined {
  if (primaryColor === null) return undefined;
  const [header, accent] = [primaryColor, secondaryColor ?? primaryColor].map(digitsOf);
  return `${COLOURS_PATH}/${header}-${accent}.css`;
}

/**
 * The content of such a style sheet: the first colour is that of the header, the second one that of links and buttons, made
 * darker on light pages and lighter on dark pages until their text can be read.
 * @param name of the file
 * @returns undefined for another name
 */
export function colourSheet(name: string): string | undefined {
  const [, ...digits] = /^([\da-f]{6})-([\da-f]{6})\.css$/.exec(name) ?? [];
  if (digits.length === 0) return undefined;
  const [header, accent] = digits.map(parse) as [Colour, Colour];
  const light = readableOn(LIGHT_GROUND, accent, BLACK);
  const dark = readableOn(DARK_GROUND, accent, WHITE);
  return [
    rule(`:root,\n[data-bs-theme='light'],\n[data-bs-theme='dark']`, {
      '--fm-header': text(header),
      '--fm-header-text': text(textOn(header)),
    }),
    rule(`:root,\n[data-bs-theme='light']`, accentOf(light)),
    rule(`[data-bs-theme='dark']`, accentOf(dark)),
  ].join('\n');
}

const accentOf = (colour: Colour) => ({
  '--fm-accent': text(colour),
  '--fm-accent-text': text(textOn(colour)),
  '--bs-link-color-rgb': colour.join(', '),
  '--bs-link-hover-color-rgb': colour.join(', '),
});

const rule = (selector: string, properties: Record<string, string>): string =>
  `${selector} {\n${Object.entries(properties)
    .map(([name, value]) => `  ${name}: ${value};\n`)
    .join('')}}\n`;

/** The colour, mixed with as little of another one as makes it readable on a ground. */
function readableOn(ground: Colour, colour: Colour, other: Colour): Colour {
  for (let i = 0; i < MIXTURES; i++) {
    const share = i / MIXTURES;
    const mixed = colour.map((part, at) =>
      Math.round(part * (1 - share) + other[at]! * share),
    ) as unknown as Colour;
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return mixed;
  }
  return other;
}

/** Black or white, whichever can be read better; one of them always can. */
const textOn = (ground: Colour): Colour =>
  contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK;

/** Contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance of an sRGB colour, from 0 to 1 (WCAG 2.2). */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Six hex digits of a colour such as `#0f5c73` or `#fff`. */
function digitsOf(colour: string): string {
  const digits = colour.replace('#', '').toLowerCase();
  return digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
}

const parse = (digits: string): Colour =>
  [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Colour;

const text = (colour: Colour): string =>
  `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
