import {
  anyObject,
  choice,
  duration,
  either,
  flag,
  instant,
  integer,
  jsonObjectText,
  list,
  nullable,
  number,
  schemaOnly,
  signedDuration,
  text,
  timeZone,
  unit,
  type Kind,
} from './kinds';

/** The reason that a client gets for a value. */
const reasonFor = (kind: Kind, value: unknown): string | undefined =>
  kind.explain(kind.read ? kind.read(value) : value);

describe('Kinds of fields', () => {
  it.each<[string, Kind, unknown[]]>([
    ['text', text(), ['', 'x', '🔋', ' ']],
    ['text with limits', text({ minLength: 2, maxLength: 3 }), ['ab', 'abc']],
    ['choice', choice('a', 'b'), ['a', 'b']],
    ['integer', integer(), [0, -5, 2_147_483_647, '12', '-12']],
    ['integer in a range', integer({ minimum: 1, maximum: 5 }), [1, 5, '3']],
    ['long integer', integer({ format: 'int64' }), [1_795_392_000_000]],
    ['number', number(), [0, -1.5, 1e300, '2.5', '-.5', '1e3']],
    ['number in a range', number({ exclusiveMinimum: 0, maximum: 1 }), [0.001, 1]],
    ['flag', flag(), [true, false, 1, 0, 'true', 'False', 'yes', 'off']],
    ['instant', instant(), ['2026-11-23T07:00:00+01:00', '2026-11-23T07:00Z', '2026-11-23T07:00:00 01:00']],
    ['duration', duration(), ['PT15M', 'P1D', 'P1Y2M', 'PT0S', 'PT0.5S']],
    ['signed duration', signedDuration(), ['PT6H', '-PT5M']],
    ['time zone', timeZone(), ['Europe/Amsterdam', 'UTC']],
    ['unit', unit(), ['MW', 'EUR/MWh', '°C', '%']],
    ['text of a JSON object', jsonObjectText(), ['{}', '{"a": [1, {"b": null}]}', '{"🔋": 1}']],
    ['any object', anyObject(), [{}, { a: 1 }]],
    ['list', list(integer()), [[], [1, 2], ['1']]],
    ['list with a minimum', list(text(), { minItems: 1 }), [['a']]],
    ['nullable', nullable(integer()), [null, 1, '1']],
    ['either', either(number(), choice('50%')), [1, '50%']],
  ])('%s accepts valid values', (_name, kind, values) => {
    for (const value of values) expect(reasonFor(kind, value)).toBeUndefined();
  });

  it.each<[string, Kind, unknown, string]>([
    ['text', text(), 5, 'Not a valid string.'],
    ['text', text(), null, 'Not a valid string.'],
    ['text', text(), 'a\0b', 'Null characters are not allowed.'],
    ['text', text(), 'a\ud800b', 'Unpaired surrogates are not allowed.'],
    ['text with limits', text({ minLength: 2 }), 'a', 'Shorter than minimum length 2.'],
    ['text with limits', text({ maxLength: 2 }), 'abc', 'Longer than maximum length 2.'],
    ['choice', choice('a', 'b'), 'c', 'Must be one of: a, b.'],
    ['choice', choice('a', 'b'), ['a'], 'Must be one of: a, b.'],
    ['integer', integer(), 1.5, 'Not a valid integer.'],
    ['integer', integer(), '1.5', 'Not a valid integer.'],
    ['integer', integer(), 'x', 'Not a valid integer.'],
    ['integer', integer(), Infinity, 'Not a valid integer.'],
    ['integer', integer(), [1], 'Not a valid integer.'],
    ['integer', integer(), true, 'Not a valid integer.'],
    ['integer', integer(), 2 ** 31, 'Number too large.'],
    ['integer in a range', integer({ minimum: 1 }), 0, 'Must be greater than or equal to 1.'],
    ['integer in a range', integer({ maximum: 5 }), 6, 'Must be less than or equal to 5.'],
    ['number', number(), Infinity, 'Not a valid number.'],
    ['number', number(), '1e400', 'Not a valid number.'],
    ['number', number(), 'NaN', 'Not a valid number.'],
    ['number', number(), '1'.repeat(401), 'Longer than maximum length 400.'],
    ['number', number(), '', 'Not a valid number.'],
    ['number in a range', number({ exclusiveMinimum: 0 }), 0, 'Must be greater than 0.'],
    ['flag', flag(), 2, 'Not a valid boolean.'],
    ['flag', flag(), 'maybe', 'Not a valid boolean.'],
    ['instant', instant(), '2026-11-23T07:00:00', 'Not a valid aware datetime.'],
    ['instant', instant(), '2026-02-30T07:00:00Z', 'Not a valid datetime.'],
    ['instant', instant(), 1_795_392_000_000, 'Not a valid datetime.'],
    [
      'duration',
      duration(),
      '12 hours',
      "Cannot parse 12 hours as ISO8601 duration: Unable to parse duration string '12 hours'",
    ],
    ['duration', duration(), 5, "Cannot parse 5 as ISO8601 duration: Unable to parse duration string '5'"],
    ['duration', duration(), undefined, expect.stringContaining('Cannot parse null as') as string],
    ['duration', duration(), '-PT1H', 'The duration must not be negative.'],
    ['signed duration', signedDuration(), 'P', expect.stringContaining('Cannot parse P') as string],
    ['time zone', timeZone(), 'Mars/Olympus', 'Not a valid IANA timezone name.'],
    ['unit', unit(), 'blorp', 'Not a valid unit.'],
    ['unit', unit({ maxLength: 3 }), 'EUR/MWh', 'Longer than maximum length 3.'],
    ['text of a JSON object', jsonObjectText(), '[]', 'Not a valid JSON string.'],
    ['text of a JSON object', jsonObjectText(), 'null', 'Not a valid JSON string.'],
    ['text of a JSON object', jsonObjectText(), '{', 'Not a valid JSON string.'],
    ['text of a JSON object', jsonObjectText(), {}, 'Not a valid JSON string.'],
    ['text of a JSON object', jsonObjectText(), '{"a": "\\u0000"}', 'Not a valid JSON string.'],
    ['text of a JSON object', jsonObjectText(), '{"\\ud800": 1}', 'Not a valid JSON string.'],
    [
      'text of a JSON object',
      jsonObjectText(),
      `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
      'Not a valid JSON string.',
    ],
    [
      'text of a JSON object',
      jsonObjectText(),
      JSON.stringify({ a: new Array(20_001).fill(1) }),
      'Must not have more than 20000 values.',
    ],
    ['any object', anyObject(), [], 'Not a valid mapping.'],
    ['any object', anyObject(), null, 'Not a valid mapping.'],
    ['list', list(integer()), 1, 'Not a valid list.'],
    ['list', list(integer()), [1, 'x'], 'Not a valid integer.'],
    ['list with a minimum', list(text(), { minItems: 1 }), [], 'Shorter than minimum length 1.'],
    ['list with a maximum', list(text(), { maxItems: 1 }), ['a', 'b'], 'Longer than maximum length 1.'],
    ['nullable', nullable(integer()), 'x', 'Not a valid integer.'],
    ['either', either(number(), choice('50%')), 'x', 'Not a valid number.'],
  ])('%s rejects an invalid value with a reason (case %#)', (_name, kind, value, reason) => {
    expect(reasonFor(kind, value)).toEqual(reason);
  });

  it('describe their validation rules in their schemas', () => {
    expect(text({ maxLength: 80 }).schema).toEqual({ type: 'string', maxLength: 80 });
    expect(choice('a', 'b').schema).toEqual({ type: 'string', enum: ['a', 'b'] });
    expect(integer({ minimum: 1 }).schema).toEqual({ type: 'integer', minimum: 1 });
    expect(nullable(number({ maximum: 1 })).schema).toEqual({ type: 'number', maximum: 1, nullable: true });
    expect(list(text(), { minItems: 1, maxItems: 2 }).schema).toEqual({
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      maxItems: 2,
    });
    expect(either(number(), duration()).schema).toEqual({
      oneOf: [{ type: 'number' }, { type: 'string', format: 'duration' }],
    });
    expect(schemaOnly({ type: 'integer', enum: [200] }).schema).toEqual({ type: 'integer', enum: [200] });
  });
});
