import { Injectable } from '@nestjs/common';
import { EventsRepository, isAfter, type DomainEvent, type Position } from '#lib/events';
import { JobsService } from '#lib/queues';
import { sensorsOf } from '../v3/jobs/job-sensors';
import type { EventStream, Message } from './event-stream';
import { selectSubjects, type KnownSubjects } from './readable-subjects';
import { SubjectLookup } from './subject-lookup.service';
import { jobOf, TOLD, toldOf, type SensorsOfJob, type ToldEvent } from './told-events';

/** Number of events that are read at once. */
const BATCH = 500;
/** A client that missed more events is told to load its data anew. */
const MAX_MISSED = 20_000;

const NAMES = [...new Set(TOLD.map(({ name }) => name))];

/** An event with what clients are told about it. */
export interface PreparedEvent {
  position: Position;
  told: ToldEvent;
  known: KnownSubjects;
}

/** Reads events for clients. */
@Injectable()
export class EventReader {
  constructor(
    private readonly events: EventsRepository,
    private readonly jobs: JobsService,
    private readonly subjects: SubjectLookup,
  ) {}

  /** What clients are told about events, in their order. What the events are about is looked up. */
  async prepare(events: readonly DomainEvent[]): Promise<PreparedEvent[]> {
    const jobIds = new Set(events.flatMap((event) => jobOf(event) ?? []));
    const jobs = await this.jobs.findMany([...jobIds]);
    const sensorsOfJobs = new Map(jobs.map((job): [string, SensorsOfJob] => [job.id, sensorsOf(job)]));
    const tellings = events.flatMap((event) => {
      const told = toldOf(event, (id) => sensorsOfJobs.get(id));
      return told ? [{ position: event.position, told }] : [];
    });
    const known = await this.subjects.find(
      tellings.flatMap(({ told }) => [...(told.about?.sensors ?? []), ...(told.needed ?? [])]),
      tellings.flatMap(({ told }) => told.about?.assets ?? []),
    );
    return tellings.map((telling) => ({ ...telling, known }));
  }

  /** The message for one client; undefined if it is not told of the event. */
  messageFor({ user, filter }: EventStream, { position, told, known }: PreparedEvent): Message | undefined {
    const readable = selectSubjects(user, filter, told, known);
    return readable && { id: position, event: told.name, data: told.toData(readable) };
  }

  /**
   * Sends a client the events after a position; or, if they are not all stored any more, `reset`.
   * @param after undefined: none
   * @returns up to where the client has seen all events
   */
  async catchUp(stream: EventStream, after: Position | undefined): Promise<Position> {
    const current = await this.events.findCurrentPosition();
    if (after === undefined) return current;
    // Ids of another database, or of one that was restored.
    if (isAfter(after, current)) return this.reset(stream, current);
    let position = after;
    for (let read = 0; read < MAX_MISSED && stream.isOpen; read += BATCH) {
      const found = await this.events.read(position, NAMES, BATCH);
      if (found.isGap) break;
      position = found.position;
      for (const event of await this.prepare(found.events)) {
        const message = this.messageFor(stream, event);
        if (message) await stream.sendEarlier(message);
      }
      if (!found.hasMore) return position;
    }
    return this.reset(stream, current);
  }

  private async reset(stream: EventStream, current: Position): Promise<Position> {
    await stream.sendEarlier({ id: current, event: 'reset', data: {} });
    return current;
  }
}
