/** An example of a page: commands of a shell, and what they must print. */
export interface Example {
  /** Line of the page, from 1. */
  line: number;
  commands: string;
  /** Undefined if the page does not say it; `...` stands for any text. */
  output: string | undefined;
}

const BLOCK = /^```(sh|text) test\n([^]*?)^```$/gm;

/** The examples of a page that are run: blocks `sh test`, each followed by a block `text test` if the page says what it prints. */
export function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  for (const { 1: language, 2: text = '', index } of page.matchAll(BLOCK)) {
    const line = page.slice(0, index).split('\n').length;
    if (language === 'sh') examples.push({ line, commands: text, output: undefined });
    else examples.at(-1)!.output = text;
  }
  return examples;
}

/** Prints the end of an example and its exit code. */
const MARK = '\u0001';

/** A script that runs the examples one after the other in one shell, which stops at the first failure. */
export const scriptOf = (examples: readonly Example[]): string =>
  `set -e\n${examples.map(({ commands }) => `${commands}\nprintf '${MARK}'\n`).join('')}`;

/** What each example printed. @param printed by the script */
export const outputsOf = (printed: string): string[] => printed.split(MARK);

/** A pattern for an output in which `...` stands for any text. */
export function patternOf(output: string): RegExp {
  const parts = output
    .trim()
    .split('...')
    .map((part) => part.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}
