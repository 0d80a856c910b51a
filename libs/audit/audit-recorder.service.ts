import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DeviceTokensService } from '#lib/device-tokens';
import { EventSubscriptions, type DomainEvent } from '#lib/events';
import { JOB_QUEUED, JobsService, type Job, type JobEvent } from '#lib/queues';
import { AUDITED, toDrafts, type AuditDraft, type SubjectKey } from './audit-drafts';
import type { AuditSubject } from './audit-entry.entity';
import { AuditLogRepository, type NewAuditEntry } from './audit-log.repository';

/** The cause of an event. Without any field, it is the server itself. */
interface KnownActor {
  user?: number;
  token?: string;
  command?: string;
  systemUser?: string;
  job?: string;
  subscription?: string;
}

type Author = Pick<NewAuditEntry, 'author' | 'authorUserId' | 'authorToken'>;
type Named = ReadonlyMap<string, AuditSubject>;
type Jobs = ReadonlyMap<string, Job>;

/** An entry before the names are known, with its event and who caused it. */
interface Drafted {
  event: DomainEvent;
  draft: AuditDraft;
  actor: KnownActor;
}

/** Writes the audit log from domain events, each once, also those that happened while no server ran. */
@Injectable()
export class AuditRecorder implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly log: AuditLogRepository,
    private readonly jobs: JobsService,
    private readonly devices: DeviceTokensService,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onBatch<never>({
      name: 'audit-log',
      events: [...AUDITED, JOB_QUEUED as (typeof AUDITED)[number]],
      needsWork: isRecorded,
      handle: (events) => this.record(events),
    });
  }

  private async record(events: readonly DomainEvent[]): Promise<void> {
    const jobs = await this.findJobs(events);
    const drafted: Drafted[] = [];
    for (const event of events) {
      const drafts = event.name === JOB_QUEUED.name ? draftsOfJob(event, jobs) : toDrafts(event);
      const actor = await this.findActor(event.actor, jobs);
      drafted.push(...drafts.map((draft) => ({ event, draft, actor })));
    }
    if (drafted.length === 0) return;
    const named = await this.name(drafted);
    await this.log.insert(
      drafted.map(({ event, draft, actor }) => toEntry(draft, event, toAuthor(actor, named), named)),
    );
  }

  /** The jobs that were requested or that caused an event. */
  private async findJobs(events: readonly DomainEvent[]): Promise<Jobs> {
    const ids = events.flatMap(({ name, payload, actor }) => {
      const requested = name === JOB_QUEUED.name ? [(payload as JobEvent).id] : [];
      const { job } = actor as KnownActor;
      return job === undefined ? requested : [...requested, job];
    });
    return new Map((await this.jobs.findMany([...new Set(ids)])).map((job) => [job.id, job]));
  }

  /** The user who asked for a job, or the device for the user, is the author of what the job does. */
  private async findActor(actor: KnownActor, jobs: Jobs): Promise<KnownActor> {
    const job = actor.job === undefined ? undefined : jobs.get(actor.job);
    if (job?.userId == null) return actor;
    const { deviceTokenId } = job.payload as { deviceTokenId?: number };
    return {
      user: job.userId,
      token: deviceTokenId === undefined ? undefined : await this.devices.findName(deviceTokenId),
    };
  }

  /** The names of the subjects and of the users who acted. */
  private async name(drafted: readonly Drafted[]): Promise<Named> {
    const keys = drafted.flatMap(({ draft, actor }) => [
      ...(draft.subject ? [draft.subject] : []),
      ...(actor.user === undefined ? [] : [userKey(actor.user)]),
    ]);
    const unique = new Map(keys.map((key) => [keyOf(key), key]));
    const subjects = await this.log.findSubjects([...unique.values()]);
    return new Map(subjects.map((subject) => [keyOf(subject), subject]));
  }
}

function draftsOfJob({ payload }: DomainEvent, jobs: Jobs): AuditDraft[] {
  const { id, kind } = payload as JobEvent;
  const job = jobs.get(id);
  const subjects = job ? subjectsOf(job) : [];
  const text = `Job ${id} (${kind}) requested`;
  if (subjects.length === 0) return [{ text }];
  return subjects.map((subject) => ({ subject, text: [`${text} for ${subject.kind} `, ''] as const }));
}

/** Of jobs, only those that somebody asked for. The others follow from new data or from other jobs, and are many. */
function isRecorded({ name, actor }: DomainEvent): boolean {
  const { user, command } = actor as KnownActor;
  return name !== JOB_QUEUED.name || user !== undefined || command !== undefined;
}

const keyOf = ({ kind, id }: SubjectKey): string => `${kind} ${id}`;
const userKey = (id: number): SubjectKey => ({ kind: 'user', id });

/** The asset or the sensors that a job is for. */
function subjectsOf({ payload }: Job): SubjectKey[] {
  const { assetId, sensorId, flexModel } = payload as {
    assetId?: number;
    sensorId?: number;
    flexModel?: { sensor: number }[];
  };
  if (assetId !== undefined) return [{ kind: 'asset', id: assetId }];
  const sensorIds = sensorId === undefined ? (flexModel ?? []).map(({ sensor }) => sensor) : [sensorId];
  return sensorIds.map((id) => ({ kind: 'sensor', id }));
}

function toAuthor({ user, token, command, systemUser, job, subscription }: KnownActor, named: Named): Author {
  if (user !== undefined) {
    const author = named.get(keyOf(userKey(user)))?.name ?? `user ${user}`;
    return { author, authorUserId: user, authorToken: token ?? null };
  }
  let author = 'server';
  if (command !== undefined) author = `command line${systemUser === undefined ? '' : ` (${systemUser})`}`;
  else if (job !== undefined) author = `job ${job}`;
  else if (subscription !== undefined) author = `server (${subscription})`;
  return { author, authorUserId: null, authorToken: null };
}

function toEntry(
  { subject, text, fields = [] }: AuditDraft,
  { name: event, emittedAtMs }: DomainEvent,
  author: Author,
  named: Named,
): NewAuditEntry {
  const found = subject && named.get(keyOf(subject));
  const shown = found ? `'${found.name}'` : `${subject?.id}`;
  return {
    eventTime: new Date(emittedAtMs),
    event,
    description: typeof text === 'string' ? text : `${text[0]}${shown} (Id ${subject?.id})${text[1]}`,
    ...author,
    accountId: found?.accountId ?? null,
    userId: subject?.kind === 'user' ? subject.id : null,
    assetId: subject?.kind === 'asset' ? subject.id : (found?.assetId ?? null),
    sensorId: subject?.kind === 'sensor' ? subject.id : null,
    fields,
  };
}
