import { ASSET_UPDATED } from '#lib/assets';
import { BELIEFS_DELETED, BELIEFS_SAVED, type BeliefsDeleted, type BeliefsSaved } from '#lib/beliefs';
import type { DomainEvent, EventType } from '#lib/events';
import { JOB_FAILED, JOB_FINISHED, JOB_POSTPONED, JOB_QUEUED, JOB_STARTED, type JobEvent } from '#lib/queues';
import { SCHEDULE_STORED } from '#lib/scheduling';
import {
  ANNOTATION_CREATED,
  ANNOTATION_DELETED,
  ANNOTATION_UPDATED,
  SENSOR_CREATED,
  SENSOR_UPDATED,
  type AnnotationTargets,
} from '#lib/sensors';

/** Ids of what an event is about. */
export interface Subjects {
  sensors: readonly number[];
  assets: readonly number[];
  accounts: readonly number[];
}

/** What clients are told about an event. */
export interface ToldEvent {
  name: string;
  /** A client is told of an event about something that it can read; undefined: everybody is told. */
  about?: Partial<Subjects>;
  /** Sensors that the client must be able to read as well, all of them. */
  needed?: readonly number[];
  /** The data of the message. @param readable what the client can read and wants to know of */
  toData: (readable: Subjects) => object;
}

/** Sensors that a job is for, and those that it has read. */
export type SensorsOfJob = { devices: number[]; sources: number[] };

type Telling = (
  payload: never,
  sensorsOfJob: (id: string) => SensorsOfJob | undefined,
) => ToldEvent | undefined;

const TELLINGS = new Map<string, Telling>();

function tell<Payload>(
  type: EventType<Payload>,
  telling: (payload: Payload, sensorsOfJob: Parameters<Telling>[1]) => Omit<ToldEvent, 'name'> | undefined,
): EventType<never> {
  TELLINGS.set(type.name, (payload: never, sensorsOfJob) => {
    const told = telling(payload, sensorsOfJob);
    return told && { name: type.name, ...told };
  });
  return type as EventType<never>;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const toExtent = (extent: BeliefsSaved['measurements']) =>
  extent && {
    count: extent.count,
    first_event_start: iso(extent.firstStartMs),
    last_event_start: iso(extent.lastStartMs),
  };

const tellSaved = ({ sensorId, sourceId, measurements, forecasts }: BeliefsSaved) => ({
  about: { sensors: [sensorId] },
  toData: () => ({
    ...{ sensor: sensorId, source: sourceId },
    measurements: toExtent(measurements),
    forecasts: toExtent(forecasts),
  }),
});

const tellDeleted = ({ sensorIds, sourceId, startMs, untilMs }: BeliefsDeleted) => ({
  about: sensorIds && { sensors: sensorIds },
  toData: ({ sensors }: Subjects) => ({
    sensors: sensorIds && sensors,
    source: sourceId,
    start: startMs === undefined ? undefined : iso(startMs),
    end: untilMs === undefined ? undefined : iso(untilMs),
  }),
});

const tellJob =
  (state: string) =>
  ({ id, queue, kind }: JobEvent, sensorsOfJob: Parameters<Telling>[1]) => {
    const found = sensorsOfJob(id);
    return (
      found && {
        about: { sensors: found.devices },
        needed: [...found.devices, ...found.sources],
        toData: () => ({ job: id, queue, kind, state, sensors: found.devices }),
      }
    );
  };

const tellAnnotation = ({ accountIds, assetIds, sensorIds }: AnnotationTargets) => ({
  about: { accounts: accountIds, assets: assetIds, sensors: sensorIds },
  toData: (readable: Subjects) => readable,
});

/** The events of which clients are told. */
export const TOLD: readonly EventType<never>[] = [
  tell(BELIEFS_SAVED, tellSaved),
  tell(BELIEFS_DELETED, tellDeleted),
  tell(SCHEDULE_STORED, ({ sensorIds, sourceId, startMs, endMs, beliefTimeMs }) => ({
    about: { sensors: sensorIds },
    toData: ({ sensors }) => ({
      ...{ sensors, source: sourceId, start: iso(startMs), end: iso(endMs) },
      belief_time: iso(beliefTimeMs),
    }),
  })),
  tell(JOB_QUEUED, tellJob('queued')),
  tell(JOB_STARTED, tellJob('started')),
  tell(JOB_POSTPONED, tellJob('queued')),
  tell(JOB_FINISHED, tellJob('finished')),
  tell(JOB_FAILED, tellJob('failed')),
  tell(ANNOTATION_CREATED, tellAnnotation),
  tell(ANNOTATION_UPDATED, tellAnnotation),
  tell(ANNOTATION_DELETED, ({ ids, ...targets }) => (ids ? tellAnnotation(targets) : { toData: () => ({}) })),
  tell(SENSOR_CREATED, ({ id, assetId }) => ({
    about: { sensors: [id] },
    toData: () => ({ sensor: id, asset: assetId }),
  })),
  tell(SENSOR_UPDATED, ({ id, fields }) => ({
    about: { sensors: [id] },
    toData: () => ({ sensor: id, fields }),
  })),
  tell(ASSET_UPDATED, ({ id, fields }) => ({
    about: { assets: [id] },
    toData: () => ({ asset: id, fields }),
  })),
];

const JOB_EVENT = /^job\./;

/** The id of the job that an event is about; undefined if it is about something else. */
export const jobOf = ({ name, payload }: DomainEvent): string | undefined =>
  JOB_EVENT.test(name) ? (payload as JobEvent).id : undefined;

/** What clients are told about an event; undefined: nothing. */
export const toldOf = (
  { name, payload }: DomainEvent,
  sensorsOfJob: (id: string) => SensorsOfJob | undefined,
): ToldEvent | undefined => TELLINGS.get(name)?.(payload as never, sensorsOfJob);
