import { Client } from 'pg';

/** The tables of the Python FlexMeasures 0.12 that have data, as its migrations create them; without indexes. */
const TABLES_OF_0_12 = `
  CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
  CREATE TYPE annotation_type AS ENUM ('alert', 'holiday', 'label');
  CREATE TABLE account (id serial PRIMARY KEY, name varchar(100) UNIQUE);
  CREATE TABLE account_role (id serial PRIMARY KEY, name varchar(80) UNIQUE, description varchar(255));
  CREATE TABLE roles_accounts (id serial PRIMARY KEY, account_id integer, role_id integer);
  CREATE TABLE role (id serial PRIMARY KEY, name varchar(80) UNIQUE, description varchar(255));
  CREATE TABLE fm_user (id serial PRIMARY KEY, email varchar(255) UNIQUE, username varchar(255) UNIQUE,
    password varchar(255), last_login_at timestamp, login_count integer, active boolean, timezone varchar(255),
    fs_uniquifier varchar(64) NOT NULL UNIQUE, account_id integer NOT NULL, last_seen_at timestamp);
  CREATE TABLE roles_users (id serial PRIMARY KEY, user_id integer, role_id integer);
  CREATE TABLE generic_asset_type (id serial PRIMARY KEY, name varchar(80) UNIQUE, description varchar(80));
  CREATE TABLE generic_asset (id serial PRIMARY KEY, name varchar(80), latitude float8, longitude float8,
    generic_asset_type_id integer NOT NULL, account_id integer, attributes json NOT NULL, UNIQUE (name, account_id));
  CREATE TABLE sensor (id serial PRIMARY KEY, name varchar(120) NOT NULL, unit varchar(80) NOT NULL,
    timezone varchar(80) NOT NULL, event_resolution interval NOT NULL, knowledge_horizon_fnc varchar(80) NOT NULL,
    knowledge_horizon_par json NOT NULL, generic_asset_id integer NOT NULL, attributes json NOT NULL);
  CREATE TABLE data_source (id serial PRIMARY KEY, name varchar(120) NOT NULL, type varchar(80), user_id integer,
    model varchar(80), version varchar(17));
  CREATE TABLE timed_belief (event_start timestamptz NOT NULL, belief_horizon interval NOT NULL,
    cumulative_probability float8 NOT NULL, event_value float8 NOT NULL, sensor_id integer NOT NULL,
    source_id integer NOT NULL,
    PRIMARY KEY (event_start, belief_horizon, cumulative_probability, sensor_id, source_id));
  CREATE TABLE annotation (id serial PRIMARY KEY, start timestamptz NOT NULL, "end" timestamptz NOT NULL,
    belief_time timestamptz, source_id integer, type annotation_type NOT NULL, content varchar(1024) NOT NULL);
  CREATE TABLE annotations_accounts (id serial PRIMARY KEY, account_id integer, annotation_id integer);
  CREATE TABLE annotations_assets (id serial PRIMARY KEY, generic_asset_id integer, annotation_id integer);
  CREATE TABLE annotations_sensors (id serial PRIMARY KEY, sensor_id integer, annotation_id integer);
  CREATE TABLE latest_task_run (name varchar(80) PRIMARY KEY, datetime timestamptz, status boolean);
  CREATE TABLE market (id serial PRIMARY KEY, name varchar(80));`;

/** What the versions of 2026 have besides. */
const CHANGES_UNTIL_2026 = `
  DROP TABLE market;
  CREATE TYPE ratelimitkey AS ENUM ('ACCOUNT_PLUS_ASSET', 'ACCOUNT', 'USER');
  CREATE TABLE plan (id serial PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, default_rate_limit varchar(80),
    trigger_rate_limit varchar(80), rate_limit_key ratelimitkey, max_users integer, max_assets integer,
    max_clients integer, legacy boolean NOT NULL DEFAULT false);
  ALTER TABLE account ADD primary_color varchar(7), ADD secondary_color varchar(7), ADD logo_url varchar(255),
    ADD consultancy_account_id integer, ADD attributes jsonb NOT NULL DEFAULT '{}',
    ADD secrets jsonb NOT NULL DEFAULT '{}', ADD plan_id integer;
  ALTER TABLE fm_user ADD tf_totp_secret varchar(255), ADD tf_primary_method varchar(255);
  ALTER TABLE generic_asset DROP CONSTRAINT generic_asset_name_account_id_key,
    ALTER attributes TYPE jsonb, ADD parent_asset_id integer, ADD description text, ADD external_id varchar(80),
    ADD sensors_to_show jsonb NOT NULL DEFAULT '[]', ADD sensors_to_show_as_kpis jsonb NOT NULL DEFAULT '[]',
    ADD flex_context jsonb NOT NULL DEFAULT '{}', ADD flex_model jsonb NOT NULL DEFAULT '{}',
    ADD secrets jsonb NOT NULL DEFAULT '{}';
  ALTER TABLE sensor ALTER attributes TYPE jsonb;
  ALTER TABLE data_source ADD account_id integer, ADD attributes jsonb NOT NULL DEFAULT '{}',
    ADD attributes_hash bytea;
  CREATE TABLE audit_log (id serial PRIMARY KEY, event_datetime timestamp, event varchar(255),
    active_user_name varchar(255), active_user_id integer, affected_user_id integer, affected_account_id integer);
  CREATE TABLE asset_audit_log (id serial PRIMARY KEY, event_datetime timestamp, event varchar(255),
    active_user_name varchar(255), active_user_id integer, affected_asset_id integer);`;

/** The password of each user, and its hash as Flask-Security stores it with SECURITY_PASSWORD_SALT = "python-salt". */
export const PYTHON_SALT = 'python-salt';
export const PYTHON_PASSWORD = 'old password of 2022 é';
const PASSWORD_HASH = '$2b$04$GJc0kotJUPq846EhC79bPOy0LwyCB4HdhNrdoTkhcdKy3nRObNh/.';

/**
 * The salt of a server that has neither SECRET_KEY nor SECURITY_PASSWORD_SALT, but 24 random bytes in its file `secret_key`, and a
 * hash of the same password there. The user chose it on the page /reset, which takes the Unicode form NFKD.
 */
export const PYTHON_SALT_BYTES = Buffer.from('00ff8e0a2dc3289f41d1f5e9770ab26c0d20b9fe10a7630a', 'hex');
const HASH_OF_PAGE = '$2b$04$zqF.MuxTU64/cqysnDvyp.z25geV5Cs1dnbkDJeMJw.dhTdUjdjHy';

/** The same password with the other algorithms that Flask-Security can have, as its library passlib writes them; few rounds. */
const OTHER_HASHES: Record<string, string> = {
  clara: '$argon2id$v=19$m=1024,t=2,p=1$pzRGyLm3VqoVwhgjxLjXGg$k4lgkM+M4HF7T5jQtn8UsQ',
  dora:
    '$pbkdf2-sha512$1000$8X4vZey9txbC2FvL2RsDoA$' +
    'D5/ZROe/AtXgKaojdxXwiilDpuNMAF41Kp6MBbF5MZ94AidJfYLikWjdMSd3dIdEQSS8ollLF9DhG0y8wKSBGg',
  emil: '$pbkdf2-sha256$1000$SGmNEcI4x1grpdQag3AuxQ$rN9YbGB17ufcHCPN/OElHxaboN9S9.yyFRr5X/8KCzo',
};

/** The users with these hashes, in a database of 2026. */
export const OTHER_USERS: readonly string[] = Object.keys(OTHER_HASHES);

/** Ids with gaps, as in a database that is used. */
const DATA = `
  INSERT INTO alembic_version VALUES ('0');
  INSERT INTO account (id, name) VALUES (3, 'Dock 7'), (8, 'Other');
  INSERT INTO account_role (id, name, description) VALUES (2, 'Prosumer', NULL);
  INSERT INTO roles_accounts (account_id, role_id) VALUES (3, 2), (3, NULL);
  INSERT INTO role (id, name, description) VALUES (4, 'account-admin', 'Admin of an account');
  INSERT INTO fm_user (id, email, username, password, last_login_at, login_count, active, timezone, fs_uniquifier, account_id)
    VALUES (5, 'anna@dock7.example', 'anna', '${PASSWORD_HASH}', '2022-12-24 18:30:00.25', 7, true, 'Europe/Amsterdam', 'a5', 3),
      (6, 'ben@other.example', 'ben', '$6$rounds=5000$c2FsdA$aGFzaA', NULL, NULL, false, NULL, 'b6', 8);
  INSERT INTO roles_users (user_id, role_id) VALUES (5, 4);
  INSERT INTO generic_asset_type (id, name, description) VALUES (1, 'battery', NULL), (9, 'process', 'A process');
  INSERT INTO generic_asset (id, name, latitude, longitude, generic_asset_type_id, account_id, attributes) VALUES
    (11, 'Battery', 52.3, 4.9, 1, 3, '{"capacity_in_mw": 0.5, "sensors_to_show": [21, 22]}'),
    (12, 'Prices', NULL, NULL, 9, NULL, '{}'), (13, 'Prices', NULL, NULL, 9, NULL, '{}');
  INSERT INTO sensor (id, name, unit, timezone, event_resolution, knowledge_horizon_fnc, knowledge_horizon_par,
      generic_asset_id, attributes)
    VALUES (21, 'power', 'MW', 'Europe/Amsterdam', '15 minutes', 'ex_post', '{"ex_post_horizon": "PT0H"}', 11,
        '{"consumption_is_positive": false}'),
      (22, 'price', 'EUR/MWh', 'Europe/Amsterdam', '1 hour', 'x_days_ago_at_y_oclock',
        '{"x": 1, "y": 12, "z": "Europe/Paris"}', 12, '{}'),
      (23, 'unknown', 'MW', 'UTC', '1 day', 'ask_the_oracle', '{}', 13, '{}');
  INSERT INTO data_source (id, name, type, user_id, model, version) VALUES (31, 'anna', 'user', 5, NULL, NULL),
    (32, 'naive', 'forecasting script', NULL, 'naive', '1'), (34, 'naive', 'forecasting script', NULL, 'naive', '1');
  INSERT INTO timed_belief SELECT start, interval '-5 minutes', 0.5, extract(hour FROM start) / 7, 21, 31
    FROM generate_series('2022-10-29T22:00Z'::timestamptz, '2022-10-31T22:00Z', '15 minutes') start;
  INSERT INTO timed_belief SELECT start, horizon, probability, 10 * probability, 21, 32
    FROM generate_series('2022-10-29T22:00Z'::timestamptz, '2022-10-30T22:00Z', '1 hour') start,
      unnest(ARRAY[interval '1 hour', interval '2 days 03:00:00.123456']) horizon, unnest(ARRAY[0.1587, 0.5, 0.8413]) probability;
  INSERT INTO timed_belief VALUES ('2022-10-30T00:00Z', '13:00', 0.5, 90.5, 22, 31), ('2022-10-30T01:00Z', '14:00', 0.5, 'NaN', 22, 31),
    ('2022-10-30T00:00Z', '00:00:01.000100', 0.5, 1, 23, 34), ('2022-10-30T00:00Z', '00:00:01.000900', 0.5, 2, 23, 34);
  INSERT INTO annotation (id, start, "end", belief_time, source_id, type, content) VALUES
    (41, '2022-12-24T23:00Z', '2022-12-25T23:00Z', '2022-01-01T00:00Z', 31, 'holiday', 'Christmas'),
    (42, '2022-12-25T23:00Z', '2022-12-26T23:00Z', NULL, NULL, 'label', 'nobody said so');
  INSERT INTO annotations_accounts (account_id, annotation_id) VALUES (3, 41), (NULL, 41);
  INSERT INTO annotations_assets (generic_asset_id, annotation_id) VALUES (11, 41);
  INSERT INTO latest_task_run VALUES ('get_prices', '2022-12-24T12:00Z', true);`;

const DATA_OF_0_12 = `
  INSERT INTO market (name) VALUES ('epex_da');
  UPDATE fm_user SET password = '${HASH_OF_PAGE}' WHERE id = 5;`;

const DATA_OF_2026 = `
  INSERT INTO plan (id, name, trigger_rate_limit, rate_limit_key, max_users) VALUES (2, 'Free', '5 per hour', 'ACCOUNT_PLUS_ASSET', 3);
  UPDATE fm_user SET tf_totp_secret = '{"key":"RMIQFQHYX43UMKCF","type":"totp","v":1}', tf_primary_method = 'email';
  UPDATE sensor SET event_resolution = '1 year' WHERE id = 22;
  UPDATE data_source SET type = 'forecaster' WHERE id = 32;
  UPDATE data_source SET attributes = '{"flexmeasures-hash-conflict": 34}' WHERE id = 34;
  UPDATE account SET plan_id = 2, primary_color = '#123456', consultancy_account_id = 8, secrets = '{"key": "x"}' WHERE id = 3;
  INSERT INTO generic_asset (id, name, generic_asset_type_id, account_id, attributes, parent_asset_id, flex_context, sensors_to_show)
    VALUES (14, 'Battery', 1, 3, '{}', 11, '{"consumption-price": {"sensor": 22}}', '[{"title": "Power", "sensors": [21]}]');
  INSERT INTO fm_user (id, email, username, password, login_count, active, timezone, fs_uniquifier, account_id) VALUES
    ${OTHER_USERS.map((name, i) => `(${10 + i}, '${name}@other.example', '${name}', '${OTHER_HASHES[name]!}', 0, true, 'UTC', '${name}', 8)`).join(', ')};
  INSERT INTO audit_log (event_datetime, event, active_user_name, active_user_id, affected_user_id, affected_account_id)
    VALUES ('2026-01-02 03:04:05', 'User anna created', 'ben', 6, 5, 3), (NULL, 'nobody knows when', NULL, NULL, NULL, NULL),
      ('2026-01-03 03:04:05', 'Password of anna reset', NULL, NULL, 5, NULL);
  INSERT INTO asset_audit_log (event_datetime, event, active_user_name, active_user_id, affected_asset_id)
    VALUES ('2026-01-04 03:04:05', 'Created asset ''Battery'': 11', 'anna', 5, 11);`;

/** Creates and fills the tables of a Python FlexMeasures in an empty database. */
export async function fillPythonDatabase(uri: string, version: '0.12' | '2026'): Promise<void> {
  const client = new Client(uri);
  await client.connect();
  try {
    await client.query(TABLES_OF_0_12);
    if (version === '2026') await client.query(CHANGES_UNTIL_2026);
    await client.query(DATA);
    await client.query(version === '2026' ? DATA_OF_2026 : DATA_OF_0_12);
  } finally {
    await client.end();
  }
}
