import {
  formatDuration,
  MINUTE_MS,
  mostRecentClockWindow,
  parseDuration,
  parseDurationMs,
  parseInstant,
  SECOND_MS,
} from '#lib/time';
import golden from '../../../../test/golden/sensor-data-cases.json';
import { eventsOfPost, readPostedValues, readWindow } from '../index';

/** The fields that the cases have, by kind; a field that a case lacks reads as undefined. */
interface SensorDataCase {
  id: string;
  kind: string;
  sensor_unit: string;
  sensor_resolution: string;
  start: string;
  duration: string;
  unit: string;
  values: number[];
  stored: [string, number][];
  query: { start: string; duration: string; resolution: string };
  input: unknown;
  seconds: number;
  now: string;
  window_minutes: number;
  grace_period_seconds: number;
  expected: unknown;
  expected_number_stored: number;
  expected_each_value: number;
  expected_seconds: number;
  expected_error_contains?: string;
  expected_start: string;
  expected_end: string;
}

/** Cases about answers of the API; the tests of the API check them. */
const NEEDS_API: Record<string, string> = {
  'sd-post-invalid-1': 'the API words the message about a naive datetime; libs/time checks the rule',
  'sd-post-invalid-3': 'looks a sensor up in the database',
  'sd-post-invalid-5': 'checks the message type, which only the request has',
  'sd-post-twice': 'depends on stored beliefs',
};

const checks: Record<string, (dataCase: SensorDataCase) => void> = {
  post: (dataCase) => {
    const sensor = { resolutionMs: parseDurationMs(dataCase.sensor_resolution), unit: dataCase.sensor_unit };
    const startMs = parseInstant(dataCase.start);
    const { eventStarts, values } = eventsOfPost(
      {
        startMs,
        durationMs: parseDurationMs(dataCase.duration),
        values: Float64Array.from(dataCase.values),
        unit: dataCase.unit,
      },
      sensor,
    );
    expect(values).toHaveLength(dataCase.expected_number_stored);
    expect(Array.from(eventStarts)).toEqual(Array.from(values, (_, i) => startMs + i * sensor.resolutionMs));
    for (const value of values) expect(value).toBeCloseTo(dataCase.expected_each_value, 12);
  },
  get: ({ stored, query, sensor_resolution: resolution, expected }) => {
    const { values } = readWindow(
      {
        eventStarts: Float64Array.from(stored, ([time]) => parseInstant(time)),
        values: Float64Array.from(stored, ([, value]) => value),
      },
      { resolutionMs: parseDurationMs(resolution), aggregation: 'mean', zone: 'Europe/Amsterdam' },
      {
        startMs: parseInstant(query.start),
        endMs: parseInstant(query.start) + parseDurationMs(query.duration),
        resolution: parseDuration(query.resolution),
      },
    );
    expect(Array.from(values, (value) => (Number.isNaN(value) ? null : value))).toEqual(expected);
  },
  parse_resolution: ({ input, expected_seconds: seconds }) => {
    expect(parseDurationMs(input as string)).toBe(seconds * SECOND_MS);
  },
  parse_values: ({ input, expected, expected_error_contains: error }) => {
    const read = () => Array.from(readPostedValues(input), (value) => (Number.isNaN(value) ? null : value));
    if (error === undefined) expect(read()).toEqual(expected);
    else expect(read).toThrow(error);
  },
  format_duration: ({ seconds, expected }) => {
    expect(formatDuration(seconds * SECOND_MS)).toBe(expected);
  },
  most_recent_clock_window: (dataCase) => {
    const clock = (text: string) => parseInstant(`${text}Z`);
    const { window_minutes: minutes, grace_period_seconds: grace } = dataCase;
    expect(mostRecentClockWindow(minutes * MINUTE_MS, clock(dataCase.now), 'UTC', grace * SECOND_MS)).toEqual(
      {
        startMs: clock(dataCase.expected_start),
        endMs: clock(dataCase.expected_end),
      },
    );
  },
};

describe('sensor data cases', () => {
  const cases = golden.cases.map((dataCase) => [dataCase.id, dataCase] as const);

  it.each(cases.filter(([id]) => !(id in NEEDS_API)))('%s', (_id, dataCase) => {
    const check = checks[dataCase.kind];
    if (!check) throw new Error(`no check for kind ${dataCase.kind}`);
    expect.hasAssertions();
    check(dataCase as unknown as SensorDataCase);
  });

  it('skips only cases that exist', () => {
    expect(cases.map(([id]) => id)).toEqual(expect.arrayContaining(Object.keys(NEEDS_API)));
  });
});
