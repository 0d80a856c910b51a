import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { ANNOTATION_DELETED, ANNOTATION_UPDATED, type AnnotationTargets } from '../sensors.events';
import type { Annotation } from './annotation.entity';
import { checkAnnotation, toAnnotationError } from './annotation-rules';
import {
  AnnotationsRepository,
  type Annotated,
  type AnnotatedKind,
  type NewAnnotation,
} from './annotations.repository';

/** Fields of an annotation to change. A belief time of null removes it. */
export type AnnotationChange = Partial<Omit<NewAnnotation, 'sourceId' | 'beliefTimeMs'>> & {
  beliefTimeMs?: number | null;
};

/**
 * Changes and deletes annotations of one sensor, asset or account. The same annotation may be attached to other things, which the
 * user may have no permission for: for them, it stays as it is.
 */
@Injectable()
export class AnnotationChanges {
  constructor(
    private readonly annotations: AnnotationsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Changes an annotation of a thing. It keeps its id, unless it is attached to other things as well, or becomes the same as
   * another annotation.
   * @param sourceId of the user who changes it: a changed annotation is a remark of this user
   * @throws DomainError ANNOTATION_NOT_FOUND, ANNOTATION_INVALID
   */
  change(id: number, thing: Annotated, change: AnnotationChange, sourceId: number): Promise<Annotation> {
    return this.transactions.run(async () => {
      await this.annotations.lockSourceOf(id, sourceId);
      const before = await this.get(id, thing);
      const after = changed(before, change, sourceId);
      if (!after) return before;
      checkAnnotation(after);
      const newId = await this.write(id, after, thing).catch(toAnnotationError);
      this.events.emit(ANNOTATION_UPDATED, { ids: [newId], ...targetsOf(thing) });
      return this.get(newId, thing);
    });
  }

  /** Deletes an annotation of a thing. @throws DomainError ANNOTATION_NOT_FOUND */
  remove(id: number, thing: Annotated): Promise<void> {
    return this.transactions.run(async () => {
      await this.annotations.lockSourceOf(id, null);
      await this.get(id, thing);
      await this.annotations.unlink(id, ...linkTo(thing));
      this.events.emit(ANNOTATION_DELETED, { ids: [id], ...targetsOf(thing) });
    });
  }

  /** @throws DomainError ANNOTATION_NOT_FOUND if the thing has no such annotation */
  async get(id: number, thing: Annotated): Promise<Annotation> {
    const [found] = await this.annotations.find(thing, { id });
    if (!found) throw new DomainError('ANNOTATION_NOT_FOUND', `There is no annotation with id ${id} here.`);
    return found;
  }

  /** @returns the id of the changed annotation */
  private async write(id: number, after: NewAnnotation, thing: Annotated): Promise<number> {
    const isShared = (await this.annotations.countLinks(id)) > 1;
    if (!isShared && (await this.annotations.update(id, after))) return id;
    const [found] = await this.annotations.findOrCreate([after]);
    const [kind, thingId] = linkTo(thing);
    await this.annotations.link([found!.id], kind, [thingId]);
    await this.annotations.unlink(id, kind, thingId);
    return found!.id;
  }
}

/** The annotation after a change; undefined if it stays the same. */
function changed(
  { content, start, end, type, beliefTime }: Annotation,
  { beliefTimeMs, ...others }: AnnotationChange,
  sourceId: number,
): NewAnnotation | undefined {
  const before = {
    content,
    type: type as NewAnnotation['type'],
    startMs: start.getTime(),
    endMs: end.getTime(),
  };
  const beforeMs = beliefTime?.getTime();
  const after = {
    ...before,
    ...(others.content !== undefined && { content: others.content }),
    ...(others.type !== undefined && { type: others.type }),
    ...(others.startMs !== undefined && { startMs: others.startMs }),
    ...(others.endMs !== undefined && { endMs: others.endMs }),
    beliefTimeMs: beliefTimeMs === undefined ? beforeMs : (beliefTimeMs ?? undefined),
  };
  const isSame = (Object.keys(before) as (keyof typeof before)[]).every(
    (name) => after[name] === before[name],
  );
  return isSame && after.beliefTimeMs === beforeMs ? undefined : { ...after, sourceId };
}

const linkTo = ({ sensorId, assetId, accountId }: Annotated): [AnnotatedKind, number] => {
  if (sensorId !== undefined) return ['sensors', sensorId];
  return assetId === undefined ? ['accounts', accountId!] : ['assets', assetId];
};

const targetsOf = (thing: Annotated): AnnotationTargets => {
  const [kind, id] = linkTo(thing);
  return { [TARGETS[kind]]: [id] };
};

const TARGETS: Record<AnnotatedKind, keyof AnnotationTargets> = {
  accounts: 'accountIds',
  assets: 'assetIds',
  sensors: 'sensorIds',
};
