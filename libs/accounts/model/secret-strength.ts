/** Minimum length of a key. A random key of 32 hexadecimal digits has 128 bits. */
export const MIN_KEY_LENGTH = 32;

/** A random key of 32 hexadecimal digits has about 14 different ones. */
const MIN_DISTINCT_CHARACTERS = 8;

/** Repetitions with a longer period than this are accepted. */
const MAX_REPETITION_PERIOD = 64;

/** Typical parts of placeholders, reduced to lower-case letters and digits. */
const PLACEHOLDER_PARTS = [
  ...['secret', 'password', 'changeme', 'changethis', 'replaceme', 'replacethis', 'placeholder', 'example'],
  ...['insecure', 'default', 'development', 'production', 'donotuse', 'yourkey', 'insertkey', 'randomtext'],
  ...['flexmeasures', 'keyboardcat', 'letmein', 'longrandom', 'qwerty', '0123456789'],
];

/** Keys that are published in well-known tutorials (Flask, FastAPI, JWT). */
const PUBLISHED_KEYS = [
  '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  'a-string-secret-at-least-256-bits-long',
];

/** The reason why a key can be guessed, as a clause ("it has ..."); undefined if no weakness was found. */
export function findKeyWeakness(key: string): string | undefined {
  if (PUBLISHED_KEYS.includes(key)) return 'it is published in a tutorial';
  const letters = key.toLowerCase().replace(/[^a-z\d]/g, '');
  if (PLACEHOLDER_PARTS.some((word) => letters.includes(word))) return 'it looks like a placeholder';
  if (key.length < MIN_KEY_LENGTH) return `it has ${key.length} characters, fewer than ${MIN_KEY_LENGTH}`;
  if (new Set(key).size < MIN_DISTINCT_CHARACTERS)
    return `it has fewer than ${MIN_DISTINCT_CHARACTERS} different characters`;
  if (isRepetition(key)) return 'it repeats a short sequence';
  return isSequence(key) ? 'it is a sequence of characters' : undefined;
}

function isRepetition(key: string): boolean {
  for (let period = 1; period <= Math.min(key.length / 2, MAX_REPETITION_PERIOD); period++) {
    if (key.startsWith(key.slice(period))) return true;
  }
  return false;
}

/** Whether the differences between neighbouring characters have only a few distinct values, as in "abcdefgh". */
function isSequence(key: string): boolean {
  const steps = Array.from(key.slice(1), (character, i) => character.charCodeAt(0) - key.charCodeAt(i));
  return new Set(steps).size < MIN_DISTINCT_CHARACTERS;
}
