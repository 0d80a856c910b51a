interface Entry {
  level: string;
  time: string;
  msg?: string;
  context?: string;
  request?: string;
  stack?: string;
}

/** A line of JSON as a person reads it: time, level, where from, what, and the stack below. */
export function toReadable(line: string): string {
  const { level, time, msg = '', context, request, stack } = JSON.parse(line) as Entry;
  const from = context === undefined ? '' : ` [${context}]`;
  const of = request === undefined ? '' : ` (request ${request})`;
  return `${time} ${level}${from} ${msg}${of}\n${stack === undefined ? '' : `${stack}\n`}`;
}
