import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp';

/** A text of any length that can make a pattern try many ways to match. */
export interface Attack {
  prefix: string;
  /** The repeated part. */
  pump: string;
  /** The end, which prevents a match. */
  suffix: string;
}

/** Characters of all classes that patterns distinguish. */
const ALPHABET = Array.from('0aAzZTePxd _-.,:;/\\%<>"\'()[]{}#*+=&?!|^$@~\t\n\r\0é°µ⁰⁻');
const SUFFIXES = ['', '\0', '\n', '\0\n!'];
/** Repetitions up to here cost no more than so many times what one costs. */
const FEW = 20;
const MOST_SAMPLES = 8;

/** The text of an attack with about the given number of characters. */
export const textOf = ({ prefix, pump, suffix }: Attack, length: number): string =>
  prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;

/**
 * Texts that may take a pattern long: what each of its repetitions repeats, after what comes before it, and without
 * that; and all characters, and pairs of them, that the pattern tells apart.
 */
export function attacksOn(source: string, flags: string): Attack[] {
  const sampler = new Sampler(source, flags);
  const pairs = sampler.characters.flatMap((one) => sampler.characters.map((other) => one + other));
  const starts: [prefix: string, pump: string][] = [...sampler.characters, ...pairs].map((pump) => [
    '',
    pump,
  ]);
  visitRegExpAST(sampler.ast, {
    onQuantifierEnter: (quantifier) => {
      if (quantifier.max <= FEW) return;
      const prefix = sampler.wordBefore(quantifier);
      for (const pump of sampler.samples(quantifier.element)) {
        if (pump === '') continue;
        starts.push([prefix, pump], ['', prefix + pump]);
      }
    },
  });
  const distinct = new Map(starts.map((start) => [start.join('\0\0'), start]));
  return [...distinct.values()].flatMap(([prefix, pump]) =>
    SUFFIXES.map((suffix) => ({ prefix, pump, suffix })),
  );
}

/** Generates texts that match parts of a pattern. */
class Sampler {
  readonly ast: AST.Pattern;
  /** One character for each class that the pattern distinguishes. */
  readonly characters: string[];
  private readonly flags: string;

  constructor(source: string, flags: string) {
    this.flags = flags.replace(/[gy]/g, '');
    this.ast = new RegExpParser().parsePattern(source, undefined, undefined, {
      unicode: flags.includes('u'),
    });
    const classes: RegExp[] = [];
    const addClass = ({ raw }: { raw: string }) => classes.push(new RegExp(`^(?:${raw})$`, this.flags));
    visitRegExpAST(this.ast, {
      onCharacterEnter: (node) => node.parent.type === 'CharacterClass' || addClass(node),
      onCharacterClassEnter: addClass,
      onCharacterSetEnter: addClass,
    });
    const kinds = new Map(
      ALPHABET.map((character) => [classes.map((one) => +one.test(character)).join(''), character]),
    );
    this.characters = [...kinds.values()];
  }

  /** Texts of every kind that match a part. */
  samples(node: AST.Element): string[] {
    switch (node.type) {
      case 'Character':
        return [String.fromCodePoint(node.value)];
      case 'CharacterClass':
      case 'CharacterSet': {
        const matches = new RegExp(`^(?:${node.raw})$`, this.flags);
        return this.characters.filter((character) => matches.test(character));
      }
      case 'Group':
      case 'CapturingGroup':
        return node.alternatives.flatMap((one) => this.samplesOf(one.elements)).slice(0, MOST_SAMPLES);
      case 'Quantifier': {
        const samples = this.samples(node.element);
        const least = samples.map((one) => one.repeat(Math.max(node.min, 1)));
        return node.min === 0 ? ['', ...least] : least;
      }
      case 'Backreference':
        return [node.resolved].flat().flatMap((group) => this.samples(group).slice(0, 1));
      default:
        return [''];
    }
  }

  /** The shortest text that matches everything before a part of the pattern. */
  wordBefore(node: AST.Node): string {
    const { parent } = node;
    if (parent === null || parent.type === 'Pattern') return '';
    if (parent.type !== 'Alternative') return this.wordBefore(parent);
    const before = parent.elements.slice(0, parent.elements.indexOf(node as AST.Element));
    return this.wordBefore(parent) + before.map((one) => this.samples(one)[0] ?? '').join('');
  }

  private samplesOf(elements: readonly AST.Element[]): string[] {
    const parts = elements.map((one) => this.samples(one));
    const most = Math.min(MOST_SAMPLES, Math.max(1, ...parts.map((part) => part.length)));
    return Array.from({ length: most }, (_, i) => parts.map((part) => part[i % part.length] ?? '').join(''));
  }
}
