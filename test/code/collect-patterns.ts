import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A regular expression in the code. */
export interface Pattern {
  /** File and line. */
  where: string;
  source: string;
  flags: string;
}

/** The functions that match regular expressions. */
export interface Patterns {
  patterns: Pattern[];
  /** Regular expressions that are composed at run time, as `file: code`. */
  open: string[];
}

/** All regular expressions in the files of some folders, including `new RegExp` of constants. */
export function collectPatterns(root: string, folders: readonly string[]): Patterns {
  const found: Patterns = { patterns: [], open: [] };
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const isCode = entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && !entry.name.endsWith('.spec.ts');
      if (isCode) collectFrom(join(entry.parentPath, entry.name), root, found);
    }
  }
  return found;
}

function collectFrom(path: string, root: string, found: Patterns): void {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const name = relative(root, path);
  const visit = (node: ts.Node): void => {
    const pattern = findPattern(node, file);
    if (pattern === 'open') found.open.push(`${name}: ${node.getText()}`);
    else if (pattern) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.patterns.push({ where: `${name}:${line + 1}`, ...pattern });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function findPattern(node: ts.Node, file: ts.SourceFile): Omit<Pattern, 'where'> | 'open' | undefined {
  if (ts.isRegularExpressionLiteral(node)) return partsOf(node);
  const isCall = ts.isNewExpression(node) || ts.isCallExpression(node);
  if (!isCall || node.expression.getText() !== 'RegExp') return undefined;
  const [source, flags] = (node.arguments ?? []).map((argument) => constantText(argument, file));
  if (source === undefined || (flags === undefined && (node.arguments?.length ?? 0) > 1)) return 'open';
  return { source, flags: flags ?? '' };
}

function partsOf(literal: ts.RegularExpressionLiteral): Omit<Pattern, 'where'> {
  const end = literal.text.lastIndexOf('/');
  return { source: literal.text.slice(1, end), flags: literal.text.slice(end + 1) };
}

/** The value of an expression of literals and constants of the same file; undefined for others. */
function constantText(node: ts.Expression, file: ts.SourceFile): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return textOfTemplate(node, file, (part) => part.text);
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'String.raw') {
    const { template } = node;
    const raw = (part: ts.TemplateLiteralLikeNode): string => part.rawText ?? '';
    return ts.isTemplateExpression(template) ? textOfTemplate(template, file, raw) : raw(template);
  }
  if (ts.isParenthesizedExpression(node)) return constantText(node.expression, file);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [constantText(node.left, file), constantText(node.right, file)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'source') {
    return ts.isRegularExpressionLiteral(node.expression) ? partsOf(node.expression).source : undefined;
  }
  const value = ts.isIdentifier(node) ? constantNamed(node.text, file) : undefined;
  return value && constantText(value, file);
}

function textOfTemplate(
  { head, templateSpans }: ts.TemplateExpression,
  file: ts.SourceFile,
  textOf: (part: ts.TemplateLiteralLikeNode) => string,
): string | undefined {
  let text = textOf(head);
  for (const { expression, literal } of templateSpans) {
    const value = constantText(expression, file);
    if (value === undefined) return undefined;
    text += value + textOf(literal);
  }
  return text;
}

function constantNamed(name: string, file: ts.SourceFile): ts.Expression | undefined {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { declarations, flags } = statement.declarationList;
    const declaration = declarations.find((one) => one.name.getText() === name);
    if (declaration && flags & ts.NodeFlags.Const) return declaration.initializer;
  }
  return undefined;
}
