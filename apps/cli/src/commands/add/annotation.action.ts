import { readSettings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { AnnotationsService, SourcesService } from '#lib/sensors';
import { addDuration, assertTimeZone } from '#lib/time';
import { withServices } from '../../app/services';
import { isDate, momentOption } from '../../options/parse-times';

export interface AnnotationOptions {
  content: string;
  at?: string;
  from?: string;
  until?: string;
  timezone?: string;
  accountId?: number[];
  assetId?: number[];
  sensorId?: number[];
  userId?: number;
  source?: string;
}

export function addAnnotation(options: AnnotationOptions): Promise<void> {
  const { content, accountId, assetId, sensorId } = options;
  const source = sourceLabel(options);
  const zone = options.timezone ?? readSettings().timezone;
  assertTimeZone(zone);
  const period = annotatedPeriod(options, zone);
  return withServices(async (services) => {
    // One transaction, so that an annotation of what is not there leaves no new data source behind either.
    const added = await services(Transactions).run(async () => {
      const sourceId = await services(SourcesService).findOrCreateByLabel(source);
      return services(AnnotationsService).annotate([{ content, ...period, type: 'label', sourceId }], {
        accountIds: accountId,
        assetIds: assetId,
        sensorIds: sensorId,
      });
    });
    console.log(
      added > 0 ? 'Successfully added annotation.' : 'Successfully added: the annotation was known.',
    );
  });
}

/** The one who annotates, as `SourcesService.named` takes it. */
function sourceLabel({ userId, source }: AnnotationOptions): string {
  if (userId !== undefined && source === undefined) return String(userId);
  if (source !== undefined && userId === undefined) return source;
  throw new DomainError('INVALID_OPTION', 'Give one of --user-id and --source.', 'source');
}

/** One day from the start on, in the zone's calendar, unless an end is given. */
function annotatedPeriod({ at, from, until }: AnnotationOptions, zone: string) {
  if ((at === undefined) === (from === undefined))
    throw new DomainError('INVALID_OPTION', 'Give one of --at and --from.', 'at');
  if (from !== undefined && isDate(from) && until === undefined)
    throw new DomainError('INVALID_OPTION', '--from: a period needs --until; use --at for one day.', 'until');
  const startMs =
    at === undefined ? momentOption('--from', from ?? '', zone) : momentOption('--at', at, zone);
  const endMs =
    until === undefined ? addDuration(startMs, { days: 1 }, zone) : momentOption('--until', until, zone);
  if (endMs <= startMs)
    throw new DomainError(
      'INVALID_OPTION',
      '--until: the end of an annotation must be after its start.',
      'until',
    );
  return { startMs, endMs };
}
