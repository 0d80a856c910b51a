import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { AnnotationsService, SourcesService } from '#lib/sensors';
import { withServices } from '../../../app/services';
import { formatCount } from '../../../terminal/format-lists';
import { publicHolidays } from './public-holidays';

/** The library with the holidays; its name is the name of the data source. */
const LIBRARY = 'date-holidays';

export interface HolidaysOptions {
  year: number;
  country: string[];
  assetId?: number[];
  accountId?: number[];
}

export function addHolidays({ year, country, ...targets }: HolidaysOptions): Promise<void> {
  const accountIds = [...new Set(targets.accountId)];
  const assetIds = [...new Set(targets.assetId)];
  if (accountIds.length + assetIds.length === 0)
    throw new DomainError('INVALID_OPTION', 'Give at least one --asset-id or --account-id.');
  const countries = [...new Set(country.map((code) => code.toUpperCase()))];
  const calendars = countries.map((code) => ({ code, holidays: publicHolidays(code, year) }));
  return withServices(async (services) => {
    await services(Transactions).run(async () => {
      for (const { code, holidays } of calendars) {
        const source = { name: LIBRARY, model: code, type: 'CLI script' };
        const sourceId = await services(SourcesService).findOrCreate(source);
        await services(AnnotationsService).annotate(
          holidays.map(({ name, ...period }) => ({ content: name, ...period, type: 'holiday', sourceId })),
          { accountIds, assetIds },
        );
      }
    });
    const targetCounts = `${formatCount(accountIds.length, 'account')} and ${formatCount(assetIds.length, 'asset')}`;
    console.log(`Successfully added holidays to ${targetCounts}:`);
    for (const { code, holidays } of calendars) console.log(`${code}: ${holidays.length}`);
  });
}
