import { leadingDecimal } from './decimal';

/** A number, and the index in the text after it. */
interface Calculated {
  value: number;
  end: number;
}

/** Deeper expressions are refused. */
const MAX_DEPTH = 20;

/**
 * Calculates an expression in brackets at the start of a text, of numbers, `+`, `-`, `*`, `/` and brackets:
 * `(30/2 - 1) kW` starts with 14.
 *
 * @returns the value and the index after the closing bracket; undefined if the text does not start with such an expression
 */
export function leadingExpression(text: string): Calculated | undefined {
  return text.startsWith('(') ? readFactor(text, 0, 0) : undefined;
}

const skipBlanks = (text: string, at: number): number => at + /^\s*/.exec(text.slice(at))![0].length;

/** A number, or a sum in brackets. */
function readFactor(text: string, from: number, depth: number): Calculated | undefined {
  const at = skipBlanks(text, from);
  if (text[at] !== '(') {
    const number = leadingDecimal(text.slice(at));
    return number === '' ? undefined : { value: Number(number), end: at + number.length };
  }
  if (depth >= MAX_DEPTH) return undefined;
  const sum = readChain(text, at + 1, depth + 1, '+-');
  const end = sum && skipBlanks(text, sum.end);
  return end !== undefined && text[end] === ')' ? { value: sum!.value, end: end + 1 } : undefined;
}

/** Numbers with operators between them: a sum of products, or a product of factors. */
function readChain(text: string, from: number, depth: number, operators: string): Calculated | undefined {
  const isSum = operators === '+-';
  const readNext = (at: number) => (isSum ? readChain(text, at, depth, '*/') : readFactor(text, at, depth));
  let result = readNext(from);
  for (;;) {
    if (!result) return undefined;
    const at = skipBlanks(text, result.end);
    const operator = text[at];
    if (operator === undefined || !operators.includes(operator)) return result;
    const next = readNext(at + 1);
    result = next && { value: calculate(result.value, operator, next.value), end: next.end };
  }
}

function calculate(left: number, operator: string, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}
