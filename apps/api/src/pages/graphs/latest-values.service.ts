import { Inject, Injectable } from '@nestjs/common';
import { BeliefsService, type BeliefSearch, type LastEvent } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { SourcesService, type Sensor } from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import { timeInWords } from '../frame/words';

/** The latest known value of a sensor, for a page. */
export interface LatestValue {
  id: number;
  name: string;
  unit: string;
  /** Undefined without data. */
  value?: string;
  /** Start of the event in the time zone of the sensor, ISO 8601. */
  start?: string;
  start_in_words?: string;
  /** What the value is, unless it is measured. */
  kind?: 'planned' | 'forecast';
}

/** What the values of sources of a type are. */
const KINDS: Readonly<Record<string, LatestValue['kind']>> = {
  'scheduling script': 'planned',
  'forecasting script': 'forecast',
};

/** More sensors are not looked up for one page. */
const MAX_SENSORS = 100;

/** Reads the current state of sensors: of each the last event that has begun, as it is known now. */
@Injectable()
export class LatestValues {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode' | 'pages'>,
  ) {}

  /** The latest values of sensors that the user can read; of at most MAX_SENSORS. */
  async list(sensors: readonly Sensor[]): Promise<LatestValue[]> {
    const shown = sensors.slice(0, MAX_SENSORS);
    const known = this.known();
    const events = await Promise.all(shown.map((sensor) => this.beliefs.findLastEvent(sensor, known)));
    const sources = await this.sources.listByIds([
      ...new Set(events.flatMap((last) => last?.sourceId ?? [])),
    ]);
    const kinds = new Map(sources.map(({ id, type }) => [id, KINDS[type]]));
    return shown.map((sensor, index) => {
      const last = events[index];
      return last ? { ...toLatestValue(sensor, last), kind: kinds.get(last.sourceId) } : withoutValue(sensor);
    });
  }

  /** What counts: simulations in play mode have values of the future; those of a demo were imported after its year. */
  private known(): BeliefSearch {
    if (this.settings.mode === 'play') return {};
    const nowMs = this.clock.now();
    // An event that starts now has begun.
    const events = { eventStartsBeforeMs: nowMs + 1 };
    return this.settings.pages.demoYear === undefined ? { ...events, beliefsBeforeMs: nowMs } : events;
  }
}

const withoutValue = ({ id, name, unit }: Sensor): LatestValue => ({ id, name, unit });

function toLatestValue(sensor: Sensor, last: LastEvent): LatestValue {
  const start = formatInstant(last.startMs, sensor.timezone);
  const words = timeInWords(start);
  return { ...withoutValue(sensor), value: shownNumber(last.value), start, start_in_words: words };
}

/** A number with four significant digits. */
export function shownNumber(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(2);
  return String(size >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}

/** An energy in kWh, to 0.01 kWh: a part of it that no meter bills is not of interest. */
export const shownKwh = (kwh: number): string => `${shownNumber(Math.round(100 * kwh) / 100)} kWh`;
