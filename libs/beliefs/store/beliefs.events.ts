import { defineEvent } from '#lib/events';
import type { BeliefColumns } from '../model';

/** Beliefs of one kind: how many there are, and the starts of their first and last events (epoch milliseconds). */
export interface SavedExtent {
  count: number;
  firstStartMs: number;
  lastStartMs: number;
}

/** Beliefs of one source about one sensor that were saved together. */
export interface BeliefsSaved {
  sensorId: number;
  sourceId: number;
  /** When, in epoch milliseconds of the process that saved them. */
  savedAtMs: number;
  /** Beliefs held when their event could be known, or later (horizon of zero or below). */
  measurements?: SavedExtent;
  /** Beliefs held before that (horizon above zero). */
  forecasts?: SavedExtent;
}

/** New or changed beliefs were saved; unchanged ones are not counted. One event for each source of a save. */
export const BELIEFS_SAVED = defineEvent<BeliefsSaved>('beliefs.saved');

/** Beliefs that were deleted. Without a field, the deletion was not limited in this respect. */
export interface BeliefsDeleted {
  sensorIds?: number[];
  sourceId?: number;
  /** Of events that start at this time or later; epoch milliseconds. */
  startMs?: number;
  /** Of events that end at this time or earlier; epoch milliseconds. */
  untilMs?: number;
}

/** Beliefs were deleted: about these sensors, or about any. */
export const BELIEFS_DELETED = defineEvent<BeliefsDeleted>('beliefs.deleted');

type Extents = Pick<BeliefsSaved, 'measurements' | 'forecasts'>;

/** Collects what one save adds about one sensor. */
export class SavedBeliefs {
  private readonly bySource = new Map<number, Extents>();

  /** How many beliefs were added. */
  count = 0;

  /** Adds all beliefs of some columns. @returns itself */
  addColumns({ eventStarts, beliefHorizons, sourceIds }: BeliefColumns): this {
    let sourceId: number | undefined;
    let extents: Extents = {};
    for (let row = 0; row < eventStarts.length; row++) {
      if (sourceIds[row] !== sourceId) {
        sourceId = sourceIds[row]!;
        extents = this.of(sourceId);
      }
      const startMs = eventStarts[row]!;
      const kind = beliefHorizons[row]! > 0 ? 'forecasts' : 'measurements';
      const extent = (extents[kind] ??= { count: 0, firstStartMs: startMs, lastStartMs: startMs });
      extent.count++;
      if (startMs < extent.firstStartMs) extent.firstStartMs = startMs;
      if (startMs > extent.lastStartMs) extent.lastStartMs = startMs;
    }
    this.count += eventStarts.length;
    return this;
  }

  /** Adds beliefs that were counted elsewhere. */
  addExtent(sourceId: number, kind: keyof Extents, extent: SavedExtent): void {
    const extents = this.of(sourceId);
    extents[kind] = extents[kind] ? joinedExtent(extents[kind], extent) : extent;
    this.count += extent.count;
  }

  /** What there is to tell: nothing if nothing was added. */
  events(sensorId: number, savedAtMs: number): BeliefsSaved[] {
    return Array.from(this.bySource, ([sourceId, extents]) => ({
      ...{ sensorId, sourceId, savedAtMs },
      ...extents,
    }));
  }

  private of(sourceId: number): Extents {
    const known = this.bySource.get(sourceId);
    if (known) return known;
    const extents: Extents = {};
    this.bySource.set(sourceId, extents);
    return extents;
  }
}

/** Both together. */
export const joinedExtent = (one: SavedExtent, other: SavedExtent): SavedExtent => ({
  count: one.count + other.count,
  firstStartMs: Math.min(one.firstStartMs, other.firstStartMs),
  lastStartMs: Math.max(one.lastStartMs, other.lastStartMs),
});
