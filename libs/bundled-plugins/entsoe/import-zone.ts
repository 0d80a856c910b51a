import type { NewPluginEvent, PluginAsset, PluginContext, PluginSensor } from '#lib/plugin-api';
import { addDays, dayAt, momentOf } from './market-days';
import { rankOfPower, rankOfPrices, toEvents, type MarketEvents } from './market-events';
import type { MarketSeries } from './market-document';
import { PRICES_PUBLISHED, roleOf, seriesFor, type SensorRole } from './market-sensors';
import { fetchDocument, type MarketDocument, type PlatformAccess } from './transparency-platform';
import type { Zone } from './zones';

const SOURCE = 'ENTSO-E';
const HOUR_MS = 3_600_000;
/** Days of one request. The service gives at most a hundred series, of which prices need up to two a day. */
const DAYS_AT_ONCE = 31;
/** How far back the last stored value is searched. */
const DAYS_SEARCHED = 60;

/** Days on the clock of the zone: `2026-03-29`. The last one is included. */
export interface Days {
  first?: string;
  last?: string;
}

/** The sensors of a zone that get their values from one kind of document. */
interface Group {
  document: 'A44' | 'A75';
  zone: Zone;
  sensors: { sensor: PluginSensor; role: SensorRole }[];
}

/** Imports prices and generation of a zone into the sensors of its asset. */
export async function importZone(
  { zone, asset, days }: { zone: Zone; asset: PluginAsset; days: Days },
  access: PlatformAccess,
  context: PluginContext,
): Promise<void> {
  const sensors = (await context.data.listSensors(asset.id)).flatMap((sensor) => {
    const role = roleOf(sensor);
    return role ? [{ sensor, role }] : [];
  });
  for (const document of ['A44', 'A75'] as const) {
    const isWanted = ({ role }: Group['sensors'][number]) =>
      (role.data === 'prices') === (document === 'A44');
    const group = { document, zone, sensors: sensors.filter(isWanted) };
    if (group.sensors.length > 0) await importGroup(group, days, access, context);
  }
}

async function importGroup(
  group: Group,
  days: Days,
  access: PlatformAccess,
  context: PluginContext,
): Promise<void> {
  const { zone, document, sensors } = group;
  const saved = new Map(sensors.map(({ sensor }) => [sensor, 0]));
  const first = days.first ?? (await dayToContinueAt(group, context));
  const last = days.last ?? addDays(dayAt(Date.now(), zone.timezone), document === 'A44' ? 1 : 0);
  let isEmpty = true;
  for (let day = first; day <= last; day = addDays(day, DAYS_AT_ONCE)) {
    const end = [addDays(day, DAYS_AT_ONCE), addDays(last, 1)].sort()[0]!;
    const [startMs, endMs] = [momentOf(day, 0, zone.timezone), momentOf(end, 0, zone.timezone)];
    const found = await fetchDocument(access, { document, zone: zone.eic, startMs, endMs });
    if (!found) continue;
    isEmpty = false;
    requireCurrency(group, found.series);
    for (const { sensor, role } of sensors) {
      const events = eventsFor({ sensor, role, zone }, found.series, { startMs, endMs });
      saved.set(sensor, saved.get(sensor)! + (await save(sensor, role, events, found, context)));
    }
  }
  const what = document === 'A44' ? 'prices' : 'generation';
  if (isEmpty) console.log(`ENTSO-E has no ${what} of ${zone.name} from ${first} to ${last}.`);
  else
    for (const [{ name }, count] of saved)
      console.log(`Imported ${count} values for ${name} of ${zone.name}.`);
}

/** The day before that of the last stored value, because the latest values can have been corrected; yesterday if there is none. */
async function dayToContinueAt({ zone, sensors }: Group, { data }: PluginContext): Promise<string> {
  const now = Date.now();
  const period = {
    start: new Date(now - DAYS_SEARCHED * 24 * HOUR_MS),
    end: new Date(now + 48 * HOUR_MS),
    source: SOURCE,
  };
  const days: string[] = [];
  for (const { sensor } of sensors) {
    const last = (await data.readValues(sensor.id, period)).at(-1)?.start.getTime() ?? now;
    days.push(addDays(dayAt(last, zone.timezone), -1));
  }
  return days.sort()[0]!;
}

/** @throws Error if the prices are in a currency for which there is no sensor, and there are no others */
function requireCurrency({ document, zone, sensors }: Group, series: readonly MarketSeries[]): void {
  if (document !== 'A44') return;
  const currencies = [...new Set(series.flatMap(({ currency }) => currency ?? []))];
  const wanted = sensors.flatMap(({ role }) => (role.data === 'prices' ? role.currency : []));
  if (currencies.length === 0 || currencies.some((one) => wanted.includes(one))) return;
  throw new Error(
    `The prices of ${zone.name} are in ${currencies.join(' and ')}, and the sensor is in ${wanted.join(' and ')}. ` +
      `Add a sensor for them: flexmeasures entsoe add --zone ${zone.name} --currency ${currencies[0]!}`,
  );
}

/** The values of a document for a sensor, within a period. */
function eventsFor(
  { sensor, role, zone }: { sensor: PluginSensor; role: SensorRole; zone: Zone },
  series: readonly MarketSeries[],
  { startMs, endMs }: { startMs: number; endMs: number },
): MarketEvents {
  const mine = seriesFor(role, series, zone);
  const unit = role.data === 'prices' ? 'MWH' : 'MAW';
  const other = mine.find((one) => one.unit !== unit);
  if (other)
    throw new Error(`The unit of the ${role.data} of ${zone.name} is ${other.unit}, and not ${unit}.`);
  const events = toEvents(mine, sensor.resolution, role.data === 'prices' ? rankOfPrices : rankOfPower);
  return new Map([...events].filter(([ms]) => ms >= startMs && ms < endMs));
}

/**
 * Saves values that differ from what is stored. The first value of an event is believed since it was published, others since their
 * document was created.
 * @returns the number saved
 */
async function save(
  sensor: PluginSensor,
  role: SensorRole,
  values: MarketEvents,
  { createdMs, revision }: MarketDocument,
  { data }: PluginContext,
): Promise<number> {
  if (values.size === 0) return 0;
  const starts = [...values.keys()].sort((a, b) => a - b);
  const period = { start: new Date(starts[0]!), end: new Date(starts.at(-1)! + 1) };
  const stored = await data.readValues(sensor.id, { ...period, source: SOURCE });
  const known = new Map(stored.map(({ start, value }) => [start.getTime(), value]));
  const publishedMs = role.data === 'prices' ? publicationOfPrices : publicationOfPower(sensor.resolution);
  const events = starts.flatMap((ms): NewPluginEvent[] => {
    const value = values.get(ms)!;
    if (known.get(ms) === value) return [];
    const isFirst = !known.has(ms) && revision === 1;
    const beliefMs = isFirst ? Math.min(createdMs, publishedMs(ms)) : createdMs;
    return [{ start: new Date(ms), value, beliefTime: new Date(beliefMs) }];
  });
  return events.length > 0 ? data.saveBeliefs(sensor.id, { source: SOURCE, events }) : 0;
}

/** When the price of an event is published at the latest, epoch ms. */
function publicationOfPrices(eventMs: number): number {
  const { daysBefore, hour, timezone } = PRICES_PUBLISHED;
  return momentOf(addDays(dayAt(eventMs, timezone), -daysBefore), hour, timezone);
}

/** Generation is published within an hour after its event. */
const publicationOfPower = (resolutionMs: number) => (eventMs: number) => eventMs + resolutionMs + HOUR_MS;
