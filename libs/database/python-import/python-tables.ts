/** A table that is copied, with SQL expressions over the tables of the Python version. */
export interface CopiedTable {
  /** Our table, and its columns in the order of the expressions. */
  table: string;
  columns: CopiedColumn[];
  /** What follows FROM. */
  from: string;
  /** The table that must exist for this. */
  needs: string;
  where?: string;
  isDistinct?: boolean;
  /** Which rows of our table are those of the import, if servers add others: the table need not be empty. */
  imported?: string;
}

export interface CopiedColumn {
  name: string;
  /** Column of the Python version that older versions do not have. */
  needs?: string;
  /** SQL over the source; the column with the same name by default. */
  value?: string;
  /** SQL if the source does not have the column. */
  otherwise?: string;
}

const column = (name: string, value = `t.${name}`): CopiedColumn => ({ name, value });

/** A column that came after version 0.12. */
const newer = (name: string, otherwise: string, value = `t.${name}`): CopiedColumn => ({
  name,
  value,
  needs: name,
  otherwise,
});

/** A name that is unique here but not there: all but the first of equal names get the id. */
const unique = (name: string, key: string): string =>
  `${name} || CASE WHEN row_number() OVER (PARTITION BY ${key}, ${name} ORDER BY t.id) > 1
    THEN ' (' || t.id || ')' ELSE '' END`;

const jsonOr = (json: string, otherwise: string): string =>
  `COALESCE(NULLIF(${json}::jsonb, 'null'), '${otherwise}')`;

const roleTable = (table: string): CopiedTable => ({
  table,
  needs: table,
  from: `${table} t`,
  columns: [column('id'), column('name'), column('description', "COALESCE(t.description, '')")],
});

const relation = (table: string, ...columns: [string, string]): CopiedTable => ({
  table,
  needs: table,
  from: `${table} t`,
  columns: columns.map((name) => column(name)),
  where: columns.map((name) => `t.${name} IS NOT NULL`).join(' AND '),
  isDistinct: true,
});

/** The limits of plans were stored by the names of a Python enumeration. */
const RATE_LIMIT_KEY = `CASE t.rate_limit_key::text WHEN 'ACCOUNT_PLUS_ASSET' THEN 'account+asset'
  ELSE lower(t.rate_limit_key::text) END`;

/** Here, an interval has no months. The Python version reads a year as 365 days, and a month as 30. */
const RESOLUTION = `make_interval(
  days => (extract(year FROM t.event_resolution) * 365 + extract(month FROM t.event_resolution) * 30
    + extract(day FROM t.event_resolution))::integer,
  secs => extract(epoch FROM t.event_resolution - date_trunc('day', t.event_resolution)))`;

/** Since 0.13, the Python version has other names for two types of sources. */
const SOURCE_TYPE = `CASE t.type WHEN 'scheduler' THEN 'scheduling script' WHEN 'forecaster' THEN 'forecasting script'
  ELSE COALESCE(t.type, '') END`;

/** Times of users have no time zone there; they are UTC. */
const utc = (name: string): CopiedColumn => column(name, `t.${name} AT TIME ZONE 'UTC'`);

/** A log of the Python version. Entries without an author are of commands and of the server. Times are UTC. */
const auditLog = (
  needs: string,
  event: string,
  from: string,
  affected: Record<'account_id' | 'user_id' | 'asset_id', string>,
): CopiedTable => ({
  table: 'audit_log',
  needs,
  from: `${needs} t ${from}`,
  columns: [
    column('event_time', "t.event_datetime AT TIME ZONE 'UTC'"),
    column('event', `'${event}'`),
    column('description', "COALESCE(t.event, '')"),
    column('author', "COALESCE(NULLIF(t.active_user_name, ''), 'server')"),
    column('author_user_id', 't.active_user_id'),
    ...Object.entries(affected).map(([name, value]) => column(name, value)),
  ],
  where: 't.event_datetime IS NOT NULL',
  imported: `event = '${event}'`,
});

/** All tables besides beliefs, each after those that it refers to. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  roleTable('account_role'),
  roleTable('role'),
  {
    table: 'plan',
    needs: 'plan',
    from: 'plan t',
    columns: [
      ...['id', 'name', 'default_rate_limit', 'trigger_rate_limit', 'legacy'].map((name) => column(name)),
      column('rate_limit_key', RATE_LIMIT_KEY),
    ],
  },
  {
    table: 'account',
    needs: 'account',
    from: 'account t',
    columns: [
      column('id'),
      column('name', "COALESCE(t.name, '')"),
      ...['primary_color', 'secondary_color', 'logo_url', 'consultancy_account_id', 'plan_id'].map((name) =>
        newer(name, 'NULL'),
      ),
      newer('attributes', "'{}'::jsonb", jsonOr('t.attributes', '{}')),
    ],
  },
  {
    table: 'fm_user',
    needs: 'fm_user',
    from: 'fm_user t',
    columns: [
      ...['id', 'email', 'username', 'fs_uniquifier', 'account_id'].map((name) => column(name)),
      column('password', "COALESCE(t.password, '')"),
      column('login_count', 'COALESCE(t.login_count, 0)'),
      column('active', 'COALESCE(t.active, true)'),
      column('timezone', "COALESCE(t.timezone, 'UTC')"),
      utc('last_login_at'),
      { ...utc('last_seen_at'), needs: 'last_seen_at', otherwise: 'NULL' },
    ],
  },
  relation('roles_accounts', 'account_id', 'role_id'),
  relation('roles_users', 'user_id', 'role_id'),
  {
    table: 'generic_asset_type',
    needs: 'generic_asset_type',
    from: 'generic_asset_type t',
    columns: [column('id'), column('name'), column('description', "COALESCE(t.description, '')")],
  },
  {
    table: 'generic_asset',
    needs: 'generic_asset',
    from: 'generic_asset t',
    columns: [
      ...['id', 'latitude', 'longitude', 'generic_asset_type_id', 'account_id'].map((name) => column(name)),
      {
        name: 'name',
        value: unique("COALESCE(t.name, '')", 't.account_id, t.parent_asset_id'),
        needs: 'parent_asset_id',
        otherwise: unique("COALESCE(t.name, '')", 't.account_id'),
      },
      ...['parent_asset_id', 'description', 'external_id'].map((name) => newer(name, 'NULL')),
      column('attributes', jsonOr('t.attributes', '{}')),
      newer('flex_context', "'{}'::jsonb", jsonOr('t.flex_context', '{}')),
      newer('flex_model', "'{}'::jsonb", jsonOr('t.flex_model', '{}')),
      // Without a choice, the page chooses; an empty list stands for that there.
      newer('sensors_to_show', 'NULL::jsonb', "NULLIF(NULLIF(t.sensors_to_show::jsonb, 'null'), '[]')"),
      newer('sensors_to_show_as_kpis', "'[]'::jsonb", jsonOr('t.sensors_to_show_as_kpis', '[]')),
    ],
  },
  {
    table: 'sensor',
    needs: 'sensor',
    from: 'sensor t',
    columns: [
      ...['id', 'unit', 'timezone', 'knowledge_horizon_fnc', 'generic_asset_id'].map((name) => column(name)),
      column('event_resolution', RESOLUTION),
      column('name', unique('t.name', 't.generic_asset_id')),
      column('knowledge_horizon_par', jsonOr('t.knowledge_horizon_par', '{}')),
      column('attributes', jsonOr('t.attributes', '{}')),
    ],
  },
  {
    table: 'data_source',
    needs: 'data_source',
    from: 'data_source t',
    columns: [
      ...['id', 'model', 'version'].map((name) => column(name)),
      column('name', unique('t.name', `${SOURCE_TYPE}, t.model, t.version, t.user_id`)),
      column('type', SOURCE_TYPE),
      // Today, sources outlive their users.
      column('user_id', '(SELECT id FROM fm_user WHERE id = t.user_id)'),
    ],
  },
  {
    table: 'annotation',
    needs: 'annotation',
    from: 'annotation t',
    columns: [
      ...['id', 'start', 'end', 'belief_time', 'content', 'source_id'].map((name) =>
        column(name, `t."${name}"`),
      ),
      column('type', 't.type::text'),
    ],
    where: 't.source_id IS NOT NULL',
  },
  relation('annotations_accounts', 'annotation_id', 'account_id'),
  relation('annotations_assets', 'annotation_id', 'generic_asset_id'),
  relation('annotations_sensors', 'annotation_id', 'sensor_id'),
  {
    table: 'latest_task_runs',
    needs: 'latest_task_run',
    from: 'latest_task_run t',
    columns: [column('name'), column('datetime'), column('status', 'COALESCE(t.status, false)')],
  },
  auditLog('audit_log', 'imported.user', 'LEFT JOIN fm_user u ON u.id = t.affected_user_id', {
    account_id: 'COALESCE(t.affected_account_id, u.account_id)',
    user_id: 't.affected_user_id',
    asset_id: 'NULL::integer',
  }),
  auditLog('asset_audit_log', 'imported.asset', 'LEFT JOIN generic_asset a ON a.id = t.affected_asset_id', {
    account_id: 'a.account_id',
    user_id: 'NULL::integer',
    asset_id: 't.affected_asset_id',
  }),
];

export const BELIEFS_TABLE = 'timed_belief';

/** Tables that are neither copied nor reported: their contents have no meaning here, or are all in copied tables. */
export const IGNORED_TABLES: readonly string[] = ['alembic_version', 'spatial_ref_sys'];

/** Columns of copied tables that have no place here, with a condition for values that matter. */
export const UNPLACED_COLUMNS: readonly { table: string; column: string; matters: string }[] = [
  { table: 'account', column: 'secrets', matters: "secrets::text NOT IN ('{}', 'null')" },
  { table: 'generic_asset', column: 'secrets', matters: "secrets::text NOT IN ('{}', 'null')" },
  // Every user has a secret there, for codes by e-mail.
  {
    table: 'fm_user',
    column: 'tf_totp_secret',
    matters: "tf_totp_secret IS NOT NULL AND tf_primary_method <> 'email'",
  },
  // An upgrade there marks sources that were equal to others.
  {
    table: 'data_source',
    column: 'attributes',
    matters: "NULLIF(attributes::jsonb, 'null') - 'flexmeasures-hash-conflict' <> '{}'",
  },
  { table: 'plan', column: 'max_users', matters: 'max_users IS NOT NULL' },
  { table: 'plan', column: 'max_assets', matters: 'max_assets IS NOT NULL' },
  { table: 'plan', column: 'max_clients', matters: 'max_clients IS NOT NULL' },
];
