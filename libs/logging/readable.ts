interface Entry {
  level: string;
  time: string;
  msg?: string;
  context?: string;
  request?: string;
  stack?: string;
}

/** A JSON log line in readable form: time, level, context, message and request, with the stack below. */
export function toReadable(line: string): string {
  const { level, time, msg = '', context, request, stack } = JSON.parse(line) as Entry;
  const contextText = context === undefined ? '' : ` [${context}]`;
  const requestText = request === undefined ? '' : ` (request ${request})`;
  return `${time} ${level}${contextText} ${msg}${requestText}\n${stack === undefined ? '' : `${stack}\n`}`;
}
