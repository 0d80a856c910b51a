import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { AnnotationsService, SourcesService, type AnnotationTargets } from '#lib/sensors';
import { formatInstant, parseInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import type { Annotation, AnnotationPost } from './annotations.dto';

/** Adds the annotations of requests. */
@Injectable()
export class PostedAnnotations {
  constructor(
    private readonly annotations: AnnotationsService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Adds an annotation of a user, and attaches it.
   * @returns the annotation, and whether it is new
   * @throws DomainError as AnnotationsService.add
   */
  add(
    { content, start, end, type = 'label', prior }: AnnotationPost,
    targets: AnnotationTargets,
    user: ApiUser,
  ): Promise<{ annotation: Annotation; isNew: boolean }> {
    const beliefTimeMs = prior == null ? undefined : parseInstant(prior);
    const period = { startMs: parseInstant(start), endMs: parseInstant(end) };
    // One transaction, so that a rejected annotation does not create a data source either.
    return this.transactions.run(async () => {
      const sourceId = await this.sources.findOrCreateForUser(user);
      const annotation = { content, type, sourceId, beliefTimeMs, ...period };
      const { id, added } = await this.annotations.add(annotation, targets);
      return {
        isNew: added,
        annotation: {
          ...{ id, source: sourceId, content, type },
          start: inUtc(period.startMs),
          end: inUtc(period.endMs),
          prior: beliefTimeMs === undefined ? null : inUtc(beliefTimeMs),
        },
      };
    });
  }
}

const inUtc = (ms: number): string => formatInstant(ms, 'UTC');
