import { toReadable } from './readable';

const TIME = '2026-11-23T06:00:00.000Z';

it('toReadable shows time, level, context, message and request, with the stack below', () => {
  expect(toReadable(JSON.stringify({ level: 'INFO', time: TIME, msg: 'Up.' }))).toBe(`${TIME} INFO Up.\n`);
  const failure = {
    level: 'ERROR',
    time: TIME,
    context: 'Api',
    request: 'abc',
    stack: 'Error\n    at x',
    msg: 'No.',
  };
  expect(toReadable(JSON.stringify(failure))).toBe(
    `${TIME} ERROR [Api] No. (request abc)\nError\n    at x\n`,
  );
});
