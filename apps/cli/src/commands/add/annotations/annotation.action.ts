import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { openHost } from '#lib/plugins';
import { AnnotationsService, SourcesService } from '#lib/sensors';
import { addDuration, assertTimeZone } from '#lib/time';
import { withServices } from '../../../app/services';
import { isDate, dateOrInstantOption } from '../../../options/parse-times';
import { invalidOption } from '../../../options/option-error';

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
  const zone = options.timezone ?? openHost().settings.timezone;
  assertTimeZone(zone);
  const period = annotatedPeriod(options, zone);
  return withServices(async (services) => {
    // One transaction, so that a failed annotation does not create a data source either.
    const added = await services(Transactions).run(async () => {
      const sourceId = await services(SourcesService).findOrCreateByLabel(source);
      return services(AnnotationsService).annotate([{ content, ...period, type: 'label', sourceId }], {
        accountIds: accountId,
        assetIds: assetId,
        sensorIds: sensorId,
      });
    });
    console.log(
      added > 0 ? 'Successfully added annotation.' : 'Nothing new: this annotation exists already.',
    );
  });
}

/** The source of the annotation, as `SourcesService.named` takes it. */
function sourceLabel({ userId, source }: AnnotationOptions): string {
  if (userId !== undefined && source === undefined) return String(userId);
  if (source !== undefined && userId === undefined) return source;
  throw new DomainError('INVALID_OPTION', 'Give either --user-id or --source.', '--source');
}

/** The annotated period; without --until, one calendar day of the zone. */
function annotatedPeriod({ at, from, until }: AnnotationOptions, zone: string) {
  if ((at === undefined) === (from === undefined))
    throw new DomainError('INVALID_OPTION', 'Give either --at or --from.', '--at');
  if (from !== undefined && isDate(from) && until === undefined)
    throw invalidOption('--until', 'required if --from is a date; use --at to annotate one day.');
  const startMs =
    at === undefined
      ? dateOrInstantOption('--from', from ?? '', zone)
      : dateOrInstantOption('--at', at, zone);
  const endMs =
    until === undefined
      ? addDuration(startMs, { days: 1 }, zone)
      : dateOrInstantOption('--until', until, zone);
  if (endMs <= startMs) throw invalidOption('--until', 'the end of an annotation must be after its start.');
  return { startMs, endMs };
}
