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
    this.subscriptions.onMerged<never, DomainEvent>({
      name: 'audit-log',
      events: [...AUDITED, JOB_QUEUED as (typeof AUDITED)[number]],
      // Each event has a key of its own, so that no two are merged.
      toWork: (event) => (isRecorded(event) ? { key: event.position, work: event } : undefined),
      merge: (event) => event,
      debounceMs: 0,
      maxWaitMs: 0,
      handle: (event) => this.record(event),
    });
  }

  private async record(event: DomainEvent): Promise<void> {
    const drafts = event.name === JOB_QUEUED.name ? await this.draftsOfJob(event) : toDrafts(event);
    if (drafts.length === 0) return;
    const actor = await this.findActor(event.actor);
    const { user } = actor;
    const named = await this.name([...drafts, ...(user === undefined ? [] : [{ subject: userKey(user) }])]);
    const author = toAuthor(actor, named);
    await this.log.insert(drafts.map((draft) => toEntry(draft, event, author, named)));
  }

  private async draftsOfJob({ payload }: DomainEvent): Promise<AuditDraft[]> {
    const { id, kind } = payload as JobEvent;
    const job = await this.jobs.find(id);
    const subjects = job ? subjectsOf(job) : [];
    const text = `Job ${id} (${kind}) requested`;
    if (subjects.length === 0) return [{ text }];
    return subjects.map((subject) => ({ subject, text: [`${text} for ${subject.kind} `, ''] as const }));
  }

  /** The user who asked for a job, or the device for the user, is the author of what the job does. */
  private async findActor(actor: KnownActor): Promise<KnownActor> {
    const job = actor.job === undefined ? null : await this.jobs.find(actor.job);
    if (job?.userId == null) return actor;
    const { deviceTokenId } = job.payload as { deviceTokenId?: number };
    return {
      user: job.userId,
      token: deviceTokenId === undefined ? undefined : await this.devices.findName(deviceTokenId),
    };
  }

  private async name(drafts: readonly { subject?: SubjectKey }[]): Promise<Named> {
    const keys = drafts.flatMap(({ subject }) => subject ?? []);
    return new Map((await this.log.findSubjects(keys)).map((subject) => [keyOf(subject), subject]));
  }
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
