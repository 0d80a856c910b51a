import { TableSizesRepository, type TableSize } from '#lib/database';
import { EventsRepository } from '#lib/events';
import { JobsRepository } from '#lib/queues';
import { withServices } from '../../app/services';
import type { OptionName } from '../../options/option-error';
import { timeBeforeOption } from '../../options/parse-times';
import { formatCount } from '../../terminal/format-lists';
import { formatTable } from '../../terminal/table';

export interface CleanUpOptions {
  jobsOlderThan: string;
  eventsOlderThan: string;
  dryRun?: boolean;
}

const HEADERS = ['Table', 'Rows', 'Dead rows', 'Table size', 'Index size', 'Partitions'];
/** Share of dead rows from which a vacuum is worth it, of tables with some rows. */
const MANY_DEAD = 0.2;
const MIN_DEAD_ROWS = 10_000;
const EVENTS_PER_STATEMENT = 5_000;

export function showSizes(): Promise<void> {
  return withServices(async (services) => {
    const sizes = await services(TableSizesRepository).list();
    console.log(formatTable(HEADERS, sizes.map(toRow)));
    const total = sizes.reduce((sum, { tableBytes, indexBytes }) => sum + tableBytes + indexBytes, 0);
    console.log(`Together ${inMegabytes(total)}. Numbers of rows are estimates of the database.`);
    for (const { name, rows, deadRows } of sizes) {
      if (deadRows >= MIN_DEAD_ROWS && deadRows > MANY_DEAD * rows)
        console.log(
          `${name} has many dead rows. \`VACUUM (ANALYZE) ${name}\` makes their space usable again.`,
        );
    }
  });
}

export function cleanUp({ jobsOlderThan, eventsOlderThan, dryRun }: CleanUpOptions): Promise<void> {
  const [jobAgeMs, eventAgeMs] = [
    ageMs('--jobs-older-than', jobsOlderThan),
    ageMs('--events-older-than', eventsOlderThan),
  ];
  return withServices(async (services) => {
    const [jobs, events] = [services(JobsRepository), services(EventsRepository)];
    const [jobCount, eventCount] =
      dryRun === true
        ? [await jobs.countEnded(jobAgeMs), await events.countOld(eventAgeMs)]
        : [await jobs.deleteEnded(jobAgeMs), await deleteOldEvents(events, eventAgeMs)];
    const what = `${formatCount(jobCount, 'ended job')} and ${formatCount(eventCount, 'delivered event')}`;
    console.log(
      dryRun === true ? `Would delete ${what}. Nothing was deleted (--dry-run).` : `Deleted ${what}.`,
    );
  });
}

/** Deletes in batches. @returns the number of deleted events */
async function deleteOldEvents(events: EventsRepository, eventAgeMs: number): Promise<number> {
  let total = 0;
  for (let deleted = EVENTS_PER_STATEMENT; deleted === EVENTS_PER_STATEMENT; total += deleted)
    deleted = await events.deleteOld(eventAgeMs, EVENTS_PER_STATEMENT);
  return total;
}

function ageMs(option: OptionName, text: string): number {
  const nowMs = Date.now();
  return nowMs - timeBeforeOption(option, text, nowMs);
}

const toRow = ({ name, rows, deadRows, tableBytes, indexBytes, partitions }: TableSize): string[] => [
  ...[name, String(Math.round(rows)), String(deadRows)],
  ...[inMegabytes(tableBytes), inMegabytes(indexBytes), partitions === 0 ? '' : String(partitions)],
];

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
