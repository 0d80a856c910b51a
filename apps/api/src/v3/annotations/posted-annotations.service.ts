import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import {
  AnnotationChanges,
  AnnotationsService,
  SourcesService,
  type Annotated,
  type AnnotationTargets,
} from '#lib/sensors';
import { parseInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import type { Annotation, AnnotationPatch, AnnotationPost, AnnotationsQuery } from './annotations.dto';
import { inUtc, toAnnotationResponse } from './annotations.mapper';

/** Lists, adds, changes and deletes the annotations of requests. */
@Injectable()
export class PostedAnnotations {
  constructor(
    private readonly annotations: AnnotationsService,
    private readonly changes: AnnotationChanges,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
  ) {}

  /** The annotations of a thing whose periods overlap with that of the query, ordered by start. @throws DomainError TOO_MUCH_DATA */
  async list(thing: Annotated, { start, end }: AnnotationsQuery): Promise<Annotation[]> {
    const found = await this.annotations.listOf(thing, {
      endsAfterMs: start === undefined ? undefined : parseInstant(start),
      startsBeforeMs: end === undefined ? undefined : parseInstant(end),
      windowField: 'start',
    });
    return found.map(toAnnotationResponse);
  }

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

  /** Changes an annotation of a thing. @throws DomainError as AnnotationChanges.change */
  change(
    id: number,
    thing: Annotated,
    { content, start, end, type, prior }: AnnotationPatch,
    user: ApiUser,
  ): Promise<Annotation> {
    const change = {
      ...{ content, type },
      startMs: start === undefined ? undefined : parseInstant(start),
      endMs: end === undefined ? undefined : parseInstant(end),
      beliefTimeMs: prior == null ? prior : parseInstant(prior),
    };
    return this.transactions.run(async () => {
      const sourceId = await this.sources.findOrCreateForUser(user);
      return toAnnotationResponse(await this.changes.change(id, thing, change, sourceId));
    });
  }

  /** Deletes an annotation of a thing. @throws DomainError as AnnotationChanges.remove */
  remove(id: number, thing: Annotated): Promise<void> {
    return this.changes.remove(id, thing);
  }
}
