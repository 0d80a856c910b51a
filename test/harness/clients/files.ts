import { utils, write } from '@e965/xlsx';

const HEADER = ['event_start', 'event_value'];

/** Powers of two hours, as clients upload them. */
const ROWS = [
  HEADER,
  ...Array.from({ length: 8 }, (_, quarter) => [
    new Date(Date.UTC(2024, 0, 1, 0, quarter * 15)).toISOString(),
    10 + quarter / 10,
  ]),
];

/** Numbers by hour of the day in the files of the HEMS example, which start in 2030: kW, EUR/kWh, W/m2. */
const BY_HOUR: Record<string, (hour: number) => number> = {
  'site_power_capacity.csv': () => 30,
  'price_data.csv': (hour) => 0.06 + 0.05 * Math.cos(((hour - 19) / 12) * Math.PI),
  'building_data.csv': (hour) => (hour > 6 && hour < 22 ? 1.7 : 0.6),
  'irradiation_data.csv': (hour) => 400 * daylight(hour),
  'PV_production_data.csv': (hour) => 6 * daylight(hour),
  'max_consumption_capacity.csv': () => 17.25,
  'max_production_capacity.csv': () => 0,
  'heating_soc_usage_data.csv': (hour) => (hour < 6 ? 0.05 : 0.8),
};

const daylight = (hour: number): number => Math.max(0, Math.sin(((hour - 8) / 8) * Math.PI));

/** Values of measurements after two weeks differ from those that the example posts as JSON later. */
const DAYS: Record<string, number> = { 'building_data.csv': 14 };

const rowsByHour = (valueAt: (hour: number) => number, days = 21) => [
  HEADER,
  ...Array.from({ length: 24 * days }, (_, hour) => [
    new Date(Date.UTC(2029, 11, 31, 23 + hour)).toISOString(),
    valueAt(hour % 24),
  ]),
];

/** The content of a file that clients upload, of the kind that its name tells. */
export function fileContent(name: string): Uint8Array<ArrayBuffer> {
  const kind = name.split('.').at(-1);
  const byHour = BY_HOUR[name];
  const rows = byHour ? rowsByHour(byHour, DAYS[name]) : ROWS;
  if (kind === 'csv') return Uint8Array.from(Buffer.from(rows.map((row) => row.join(',')).join('\n')));
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(ROWS));
  const bookType = kind === 'xls' ? 'biff8' : 'xlsx';
  return Uint8Array.from(write(book, { type: 'buffer', bookType }) as Buffer);
}
