/** Fewest characters of a key; a random one of 32 hexadecimal digits has 128 bits. */
export const MIN_KEY_LENGTH = 32;

/** A random key of 32 hexadecimal digits has some 14 different ones. */
const FEWEST_DIFFERENT = 8;

/** What repeats after more characters than this is long enough. */
const LONGEST_PERIOD = 64;

/** What placeholders are made of, without anything but letters and digits. */
const WORDS = [
  ...['secret', 'password', 'changeme', 'changethis', 'replaceme', 'replacethis', 'placeholder', 'example'],
  ...['insecure', 'default', 'development', 'production', 'donotuse', 'yourkey', 'insertkey', 'randomtext'],
  ...['flexmeasures', 'keyboardcat', 'letmein', 'longrandom', 'qwerty', '0123456789'],
];

/** Keys that stand in well-known tutorials (Flask, FastAPI, JWT). */
const PUBLISHED = [
  '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  'a-string-secret-at-least-256-bits-long',
];

/** Why a key could be guessed, as the end of a sentence about it; undefined when nothing speaks for that. */
export function weaknessOf(key: string): string | undefined {
  if (PUBLISHED.includes(key)) return 'stands in a tutorial';
  const letters = key.toLowerCase().replace(/[^a-z\d]/g, '');
  if (WORDS.some((word) => letters.includes(word))) return 'reads like a placeholder';
  if (key.length < MIN_KEY_LENGTH) return `has ${key.length} characters, fewer than ${MIN_KEY_LENGTH}`;
  if (new Set(key).size < FEWEST_DIFFERENT) return `has fewer than ${FEWEST_DIFFERENT} different characters`;
  if (isRepetition(key)) return 'repeats itself';
  return isSequence(key) ? 'is a sequence of characters' : undefined;
}

function isRepetition(key: string): boolean {
  for (let period = 1; period <= Math.min(key.length / 2, LONGEST_PERIOD); period++) {
    if (key.startsWith(key.slice(period))) return true;
  }
  return false;
}

/** Whether most characters are as far from the one before as others are, as in "abcdefgh". */
function isSequence(key: string): boolean {
  const steps = Array.from(key.slice(1), (character, i) => character.charCodeAt(0) - key.charCodeAt(i));
  return new Set(steps).size < FEWEST_DIFFERENT;
}
