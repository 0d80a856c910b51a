import { findFlexField, type FlexGroup, VARIABLE_TYPES } from '../../libs/scheduling/model/flex/fields';
import { addDuration, parseDuration, parseDurationMs } from '#lib/time';
import { parseQuantity } from '#lib/units';
import { type FlexFields, SITE_CASES_START, type SiteCase } from './site-case';

/** What a sensor recorded in place of a constant or a list. */
export interface Recording {
  unit: string;
  /** Whether the events are instants. */
  isInstantaneous: boolean;
  /** Ascending; events of one step each, or instants. */
  events: { startMs: number; value: number }[];
}

/** A case in which sensors give all values that sensors can give, with what they recorded by name of the sensor. */
export interface RecordedCase {
  recorded: SiteCase;
  recordings: Map<string, Recording>;
  /** Paths of the fields with sensors. */
  fields: string[];
}

/** Parts of a commitment that a sensor can give. */
const COMMITMENT_PARTS = ['baseline', 'up-price', 'down-price'];

/** Replaces the constants and lists of a case by sensors. */
export function withRecordings(one: SiteCase): RecordedCase {
  const recorder = new Recorder(one);
  const flexModels = one.flexModels.map((model) => recorder.inFields('flex-model', model, `${model.name}:`));
  const flexContext = recorder.inFields('flex-context', one.flexContext, 'context:');
  return { recorded: { ...one, flexContext, flexModels }, recordings: recorder.recordings, fields: recorder.fields };
}

class Recorder {
  readonly recordings = new Map<string, Recording>();
  readonly fields: string[] = [];
  private readonly stepMs: number;

  constructor(private readonly one: SiteCase) {
    this.stepMs = parseDurationMs(one.step);
  }

  inFields<Fields extends FlexFields>(group: FlexGroup, fields: Fields, path: string): Fields {
    const replaced = Object.entries(fields).map(([name, value]) => [
      name,
      this.inField(group, name, value, path + name),
    ]);
    return Object.fromEntries(replaced) as Fields;
  }

  private inField(group: FlexGroup, name: string, value: unknown, path: string): unknown {
    const field = findFlexField(group, name);
    if (field?.type === 'commodities')
      return (value as FlexFields[]).map((one, i) => this.inFields('flex-context', one, `${path}.${i}.`));
    if (field?.type === 'commitments') return (value as FlexFields[]).map((one, i) => this.inCommitment(one, `${path}.${i}.`));
    // The planned states of charge are recorded to the sensor of a state of charge.
    if (!field || !VARIABLE_TYPES.includes(field.type) || field.type === 'state-of-charge') return value;
    if (field.type === 'power-sum' && Array.isArray(value) && !isEntry(value[0]))
      return value.map((part, i) => this.recorded(part, `${path}.${i}`) ?? (part as unknown));
    const isShare = field.measure === 'share';
    return this.recorded(value, path, { isShare, mayHaveGaps: field.type === 'energy-series' }) ?? value;
  }

  private inCommitment(one: FlexFields, path: string): FlexFields {
    const parts = COMMITMENT_PARTS.filter((name) => name in one).map((name) => [
      name,
      this.recorded(one[name], path + name, { mayHaveGaps: name === 'baseline' }) ?? one[name],
    ]);
    return { ...one, ...(Object.fromEntries(parts) as FlexFields) };
  }

  /** A reference to a sensor with the values; undefined if a sensor cannot say the same. */
  private recorded(value: unknown, path: string, { isShare = false, mayHaveGaps = false } = {}) {
    const recording = this.recordingOf(value, isShare);
    if (!recording || (!isShare && recording.unit === '%')) return undefined;
    // After its last value, the value of a sensor continues, while that of a list ends.
    if (!mayHaveGaps && recording.events.length < this.one.steps) return undefined;
    const name = `recorded ${path}`;
    this.recordings.set(name, recording);
    this.fields.push(path);
    return { sensor: name };
  }

  private recordingOf(value: unknown, isShare: boolean): Recording | undefined {
    const startMs = Date.parse(SITE_CASES_START);
    if (Array.isArray(value)) return value.every(isEntry) ? this.recordingOfList(value) : undefined;
    const text = typeof value === 'number' && isShare ? `${100 * value} %` : value;
    if (typeof text !== 'string') return undefined;
    const { value: amount, unit } = parseQuantity(text);
    const events = Array.from({ length: this.one.steps }, (_, t) => ({
      startMs: startMs + t * this.stepMs,
      value: amount,
    }));
    return { unit, isInstantaneous: false, events };
  }

  private recordingOfList(list: Entry[]): Recording | undefined {
    const isInstantaneous = list.every(({ datetime }) => datetime !== undefined);
    if (!isInstantaneous && list.some(({ datetime }) => datetime !== undefined)) return undefined;
    const units = new Set<string>();
    const events = list.flatMap((entry) => {
      const { value, unit } = parseQuantity(entry.value);
      units.add(unit);
      if (entry.datetime !== undefined) return [{ startMs: Date.parse(entry.datetime), value }];
      const [startMs, endMs] = [Date.parse(entry.start!), endOf(entry)];
      const count = (endMs - startMs) / this.stepMs;
      return Array.from({ length: count }, (_, t) => ({ startMs: startMs + t * this.stepMs, value }));
    });
    const isOnGrid = events.every(({ startMs }) => (startMs - Date.parse(SITE_CASES_START)) % this.stepMs === 0);
    const isOnce = new Set(events.map(({ startMs }) => startMs)).size === events.length;
    if (units.size > 1 || !isOnGrid || !isOnce) return undefined;
    events.sort((a, b) => a.startMs - b.startMs);
    return { unit: [...units][0]!, isInstantaneous, events };
  }
}

interface Entry {
  value: string;
  datetime?: string;
  start?: string;
  end?: string;
  duration?: string;
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && typeof (value as Entry).value === 'string';

const endOf = ({ start, end, duration }: Entry): number =>
  end ? Date.parse(end) : addDuration(Date.parse(start!), parseDuration(duration!), 'UTC');
