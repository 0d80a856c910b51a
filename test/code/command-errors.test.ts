import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const CLI = join(__dirname, '../../apps/cli/src');

const textsOf = (pattern: RegExp): string[] =>
  readdirSync(CLI, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => readFileSync(join(CLI, path), 'utf8'));

/** The literal names of fields in errors of a file, with the arguments of `invalidOption`. */
function fieldsIn(text: string): string[] {
  const file = ts.createSourceFile('command.ts', text, ts.ScriptTarget.Latest, true);
  const fields: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isNewExpression(node) || ts.isCallExpression(node) ? node.expression.getText() : '';
    const { arguments: given } = node as Partial<ts.NewExpression>;
    const field = name === 'DomainError' ? given?.[2] : name === 'invalidOption' ? given?.[0] : undefined;
    if (field && ts.isStringLiteral(field)) fields.push(field.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return fields;
}

describe('Errors of commands', () => {
  const fields = new Set(textsOf(/\.ts$/).flatMap(fieldsIn));
  const definitions = textsOf(/(?:\.commands|\boptions)\.ts$/).join('\n');

  it('name options and arguments as people type them, and only those that exist', () => {
    expect(fields.size).toBeGreaterThan(20);
    const isTyped = (field: string) =>
      field.startsWith('--')
        ? new RegExp(`'(?:-\\w, )?${field}[ ']`).test(definitions)
        : /^<[a-z]+>$/.test(field) && new RegExp(`'[<[]${field.slice(1, -1)}[>\\]]'`).test(definitions);
    expect([...fields].filter((field) => !isTyped(field))).toEqual([]);
  });
});
