import {
  ACCOUNT_CREATED,
  ACCOUNT_DELETED,
  ACCOUNT_ROLE_CREATED,
  ACCOUNT_ROLE_DELETED,
  ACCOUNT_UPDATED,
  PLAN_CREATED,
  PLAN_UPDATED,
  USER_CREATED,
  USER_DELETED,
  USER_ROLE_CREATED,
  USER_UPDATED,
} from '#lib/accounts';
import {
  ASSET_CREATED,
  ASSET_DELETED,
  ASSET_TYPE_CREATED,
  ASSET_TYPE_DELETED,
  ASSET_UPDATED,
} from '#lib/assets';
import { BELIEFS_DELETED, type BeliefsDeleted } from '#lib/beliefs';
import {
  DEVICE_TOKEN_CREATED,
  DEVICE_TOKEN_REFUSED,
  DEVICE_TOKEN_REVOKED,
  type DeviceTokenEvent,
} from '#lib/device-tokens';
import type { DomainEvent, EventType } from '#lib/events';
import {
  ANNOTATION_CREATED,
  ANNOTATION_DELETED,
  ANNOTATION_UPDATED,
  SENSOR_CREATED,
  SENSOR_DELETED,
  SENSOR_UPDATED,
  type AnnotationTargets,
} from '#lib/sensors';
import type { AuditSubject } from './audit-entry.entity';

/** What an entry is about. */
export type SubjectKey = Pick<AuditSubject, 'kind' | 'id'>;

/** A sentence, or its parts before and after a name. Names of other things may contain anything. */
export type Sentence = string | readonly [before: string, after: string];

/** An entry before the names are known. */
export interface AuditDraft {
  /** Undefined if it is about everything. */
  subject?: SubjectKey;
  /** The sentence: all of it, or what stands before and after the name of the subject. */
  text: Sentence;
  fields?: string[];
}

type Kind = SubjectKey['kind'];

const NOUNS: Record<Kind, string> = { account: 'Account', user: 'User', asset: 'Asset', sensor: 'Sensor' };

/** Events that the audit log records, with the entries that follow from their payload. */
const RULES = new Map<string, (payload: never) => AuditDraft[]>();

function rule<Payload>(
  type: EventType<Payload>,
  toDrafts: (payload: Payload) => AuditDraft[],
): EventType<Payload> {
  RULES.set(type.name, toDrafts);
  return type;
}

const about = (kind: Kind, ids: readonly number[] | undefined, text: Sentence): AuditDraft[] =>
  (ids ?? []).map((id) => ({ subject: { kind, id }, text }));

const created = (kind: Kind) => (payload: { id: number }) =>
  about(kind, [payload.id], [`${NOUNS[kind]} `, ` created`]);

const deleted = (kind: Kind) => (payload: { ids: number[] }) =>
  about(kind, payload.ids, [`${NOUNS[kind]} `, ` deleted`]);

const updated =
  (kind: Kind) =>
  (payload: { id: number; fields: string[] }): AuditDraft[] => [
    {
      subject: { kind, id: payload.id },
      text: [`${NOUNS[kind]} `, ` changed: ${payload.fields.map(toColumnName).join(', ')}`],
      fields: payload.fields.map(toColumnName),
    },
  ];

/** Names of fields as in the API: `assetTypeId` becomes `asset_type_id`, without a unit. Names of attributes stay. */
const toColumnName = (field: string): string =>
  field.startsWith('attributes.')
    ? field
    : field.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A new password, or the others of the user's fields. The names of new roles are told. */
function userUpdated({
  id,
  fields,
  roles,
}: {
  id: number;
  fields: string[];
  roles?: string[];
}): AuditDraft[] {
  const subject: SubjectKey = { kind: 'user', id };
  const texts: Record<string, Sentence> = {
    password: ['Password of user ', ' changed'],
    roles: [`Roles of user `, ` changed to: ${roles?.join(', ') || 'none'}`],
  };
  const others = fields.filter((field) => !(field in texts));
  return [
    ...fields
      .filter((field) => field in texts)
      .map((field) => ({ subject, text: texts[field]!, fields: [field] })),
    ...(others.length > 0 ? updated('user')({ id, fields: others }) : []),
  ];
}

const tokenDraft =
  (what: string) =>
  (payload: DeviceTokenEvent & { reason?: string }): AuditDraft[] =>
    about(
      'user',
      [payload.userId],
      [`Device token '${payload.name}' of user `, ` ${what}${payload.reason ?? ''}`],
    );

/** @param what happened: "added to" */
const annotation =
  (what: string) =>
  ({ accountIds, assetIds, sensorIds }: AnnotationTargets): AuditDraft[] => [
    ...about('account', accountIds, [`Annotation ${what} account `, '']),
    ...about('asset', assetIds, [`Annotation ${what} asset `, '']),
    ...about('sensor', sensorIds, [`Annotation ${what} sensor `, '']),
  ];

/** Says which data were deleted, if not all. */
function dataDeleted({ sensorIds, sourceId, startMs, untilMs }: BeliefsDeleted): AuditDraft[] {
  const toText = (ms: number): string => new Date(ms).toISOString();
  const limits = [
    startMs !== undefined && ` from ${toText(startMs)}`,
    untilMs !== undefined && ` until ${toText(untilMs)}`,
    sourceId !== undefined && ` of source ${sourceId}`,
  ];
  const text = ` deleted${limits.filter((limit) => limit !== false).join('')}`;
  return sensorIds
    ? about('sensor', sensorIds, ['Data of sensor ', text])
    : [{ text: `Data of all sensors${text}` }];
}

/** The events with a rule. */
export const AUDITED: readonly EventType<never>[] = [
  rule(ACCOUNT_CREATED, created('account')),
  rule(ACCOUNT_UPDATED, updated('account')),
  rule(ACCOUNT_DELETED, deleted('account')),
  rule(ACCOUNT_ROLE_CREATED, ({ name }) => [{ text: `Account role '${name}' created` }]),
  rule(ACCOUNT_ROLE_DELETED, ({ name, accountIds }) => [
    { text: `Account role '${name}' deleted` },
    ...about('account', accountIds, [`Account `, ` lost the role '${name}', which was deleted`]),
  ]),
  rule(USER_ROLE_CREATED, ({ name }) => [{ text: `User role '${name}' created` }]),
  rule(PLAN_CREATED, ({ name }) => [{ text: `Plan '${name}' created` }]),
  rule(PLAN_UPDATED, ({ name, fields }) => {
    const columns = fields.map(toColumnName);
    return [{ text: `Plan '${name}' changed: ${columns.join(', ')}`, fields: columns }];
  }),
  rule(USER_CREATED, ({ id, roles = [] }) =>
    about(
      'user',
      [id],
      [`User `, ` created${roles.length > 0 ? ` with the roles: ${roles.join(', ')}` : ''}`],
    ),
  ),
  rule(USER_UPDATED, userUpdated),
  rule(USER_DELETED, deleted('user')),
  rule(ASSET_CREATED, created('asset')),
  rule(ASSET_UPDATED, updated('asset')),
  rule(ASSET_DELETED, deleted('asset')),
  rule(ASSET_TYPE_CREATED, ({ name }) => [{ text: `Asset type '${name}' created` }]),
  rule(ASSET_TYPE_DELETED, () => [{ text: 'All asset types deleted' }]),
  rule(SENSOR_CREATED, created('sensor')),
  rule(SENSOR_UPDATED, updated('sensor')),
  rule(SENSOR_DELETED, deleted('sensor')),
  rule(ANNOTATION_CREATED, annotation('added to')),
  rule(ANNOTATION_UPDATED, annotation('changed of')),
  rule(ANNOTATION_DELETED, ({ ids, ...targets }) =>
    ids ? annotation('deleted from')(targets) : [{ text: 'All annotations deleted' }],
  ),
  rule(BELIEFS_DELETED, dataDeleted),
  rule(DEVICE_TOKEN_CREATED, tokenDraft('created')),
  rule(DEVICE_TOKEN_REVOKED, tokenDraft('revoked')),
  rule(DEVICE_TOKEN_REFUSED, tokenDraft('refused: ')),
] as EventType<never>[];

/** The entries for an event that has a rule. */
export const toDrafts = ({ name, payload }: DomainEvent): AuditDraft[] => RULES.get(name)!(payload as never);
