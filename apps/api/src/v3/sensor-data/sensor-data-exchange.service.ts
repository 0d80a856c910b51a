import { Inject, Injectable } from '@nestjs/common';
import { SensorDataService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import {
  CLOCK,
  addDuration,
  durationToMs,
  formatDuration,
  normaliseInstant,
  parseDuration,
  parseDurationMs,
  parseInstant,
  type Clock,
} from '#lib/time';
import type { ReadLimiter } from '../../http/answers/heavy-reads';
import { JsonPieces } from '../../http/answers/json-pieces';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { unprocessable } from '../../http/errors/api-error';
import { PROCESSED, toReceipt } from './data-receipt';
import type { DataOfSensorPost, DataReceipt, DataWindowQuery, SensorData } from './sensor-data.dto';

const optional = <T>(text: string | undefined, parse: (text: string) => T): T | undefined =>
  text === undefined ? undefined : parse(text);

/** Saves and reads data of a sensor in the formats of the API. */
@Injectable()
export class SensorDataExchange {
  constructor(
    private readonly data: SensorDataService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ApiError, DomainError as SensorDataService.post, and what the sensor's promise is rejected with */
  async post(
    requested: Sensor | Promise<Sensor>,
    body: DataOfSensorPost,
    user: ApiUser,
  ): Promise<DataReceipt> {
    // A transaction has one connection, which takes one statement at a time.
    if (this.transactions.isRunning) await requested;
    const [sensor, sourceId] = await Promise.all([requested, this.sources.findForUser(user)]);
    const startMs = parseInstant(body.start);
    const durationMs = addDuration(startMs, parseDuration(body.duration), sensor.timezone) - startMs;
    const posted = {
      startMs,
      durationMs,
      values: valuesOf(body),
      unit: body.unit,
      priorMs: optional(body.prior, parseInstant),
      horizonMs: optional(body.horizon, parseDurationMs),
      nowMs: this.clock.now(),
      type: body.type,
    };
    const result =
      sourceId === undefined
        ? // One transaction, so that rejected data does not create a data source either.
          await this.transactions.run(async () =>
            this.data.post(sensor, { ...posted, sourceId: await this.sources.findOrCreateForUser(user) }),
          )
        : await this.data.post(sensor, { ...posted, sourceId });
    const { message, ...receipt } = toReceipt(result);
    return { ...receipt, message: [message, ...result.notes].join(' ') };
  }

  /** Ids of the sources that the query chooses by account and type; undefined for all. @throws ApiError 422 for unknown types */
  private async sourcesOf(query: DataWindowQuery): Promise<number[] | undefined> {
    const { 'source-account': accountId, 'source-type': type } = query;
    if (accountId === undefined && type === undefined) return undefined;
    const ids = await this.sources.findIdsOf({ accountId, type });
    const isUnknown = ids.length === 0 && type !== undefined && !(await this.sources.hasType(type));
    if (isUnknown) throw unprocessable('query', { 'source-type': ['No data source has this type.'] });
    return ids;
  }

  /**
   * The start in the response keeps the UTC offset of the request.
   * @param limitRead runs the read, perhaps later
   * @param unit by default the sensor's
   * @throws DomainError as SensorDataService.read; what `limitRead` throws
   */
  async get(
    sensor: Sensor,
    query: DataWindowQuery,
    limitRead: ReadLimiter,
    unit = sensor.unit,
  ): Promise<SensorData | JsonPieces> {
    const startMs = parseInstant(query.start);
    const endMs = addDuration(startMs, parseDuration(query.duration), sensor.timezone);
    const request = {
      startMs,
      endMs,
      unit,
      resolution: optional(query.resolution, parseDuration),
      priorMs: optional(query.prior, parseInstant),
      horizonMs: optional(query.horizon, parseDurationMs),
      sourceId: query.source,
      sourceIds: await this.sourcesOf(query),
      partial: query.partial,
      type: query.type,
    };
    const count = await this.data.countEvents(sensor, request);
    const { values, notes } = await limitRead(count, () => this.data.read(sensor, request));
    const header = { ...PROCESSED, message: [PROCESSED.message, ...notes].join(' ') };
    return withValues(header, values, {
      start: normaliseInstant(query.start),
      duration: formatDuration(endMs - startMs),
      resolution: formatResolution(sensor, query.resolution),
      unit,
    });
  }
}

/** Longer responses are serialised in pieces of this number of values. */
const VALUES_AT_ONCE = 50_000;

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

function withValues(
  header: Pick<SensorData, 'message' | 'status'>,
  values: Float64Array,
  rest: Pick<SensorData, 'start' | 'duration' | 'resolution' | 'unit'>,
): SensorData | JsonPieces {
  if (values.length <= VALUES_AT_ONCE) {
    return { ...header, values: Array.from(values, nullable), ...rest };
  }
  return new JsonPieces(function* () {
    yield `${JSON.stringify(header).slice(0, -1)},"values":[`;
    for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
      const some = Array.from(values.subarray(from, from + VALUES_AT_ONCE), nullable);
      yield (from > 0 ? ',' : '') + JSON.stringify(some).slice(1, -1);
    }
    yield `],${JSON.stringify(rest).slice(1)}`;
  });
}

/** The values of a body: `values`, or `value` as in FlexMeasures. */
function valuesOf({ values, value }: DataOfSensorPost): Float64Array {
  if (values && value) throw unprocessable('json', { value: ['Send either value or values, not both.'] });
  const given = values ?? value;
  if (!given) throw unprocessable('json', { values: ['Missing data for required field.'] });
  return given;
}

/** The resolution of the response: PT0H for instantaneous sensors, otherwise that of the request or the sensor. */
function formatResolution({ eventResolutionMs }: Sensor, requested: string | undefined): string {
  if (eventResolutionMs === 0 || requested === undefined) return formatDuration(eventResolutionMs);
  const { years, months, ...rest } = parseDuration(requested);
  return years || months ? requested : formatDuration(durationToMs(rest) || eventResolutionMs);
}
