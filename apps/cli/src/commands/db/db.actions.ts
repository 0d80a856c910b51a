import 'reflect-metadata';
import { maskPassword, readSettings } from '#lib/config';
import { getDatabaseUri, EmbeddedPostgres, Migrator } from '#lib/database';

const migrator = async (): Promise<Migrator> => new Migrator(await getDatabaseUri(readSettings()));

export async function upgrade(revision?: string): Promise<void> {
  const applied = await (await migrator()).upgrade(revision);
  for (const name of applied) console.log(`Applied ${name}.`);
  if (revision === undefined) console.log('The database schema is up to date.');
  else if (applied.length === 0) console.log(`Nothing to do: revision ${revision} is applied.`);
}

export async function downgrade(revision?: string): Promise<void> {
  const from = await migrator();
  if (revision !== undefined) {
    const names = await from.downgradeTo(revision);
    for (const name of names) console.log(`Reverted ${name}.`);
    if (names.length === 0) console.log(`Nothing to revert after revision ${revision}.`);
    return;
  }
  const reverted = await from.downgrade();
  console.log(reverted === undefined ? 'The database has no schema to revert.' : `Reverted ${reverted}.`);
}

export function init(): void {
  console.log(
    'There is nothing to initialise: FlexMeasures brings its migrations. Create the tables with `flexmeasures db upgrade`.',
  );
}

export async function current(): Promise<void> {
  const states = await (await migrator()).history();
  const newest = states.filter(({ applied }) => applied).pop();
  const isHead = newest !== undefined && newest === states.at(-1);
  console.log(
    newest === undefined ? 'The database has no schema yet.' : `${newest.name}${isHead ? ' (head)' : ''}`,
  );
}

export async function history(): Promise<void> {
  for (const { name, applied } of await (await migrator()).history()) {
    console.log(`${name} ${applied ? '(applied)' : '(pending)'}`);
  }
}

export async function partitionBeliefs(options: { from?: string; until?: string }): Promise<void> {
  const [{ BeliefPartitions }, { dateOrInstantOption: momentOption }, { withServices }] = await Promise.all([
    import('#lib/beliefs'),
    import('../../options/parse-times.js'),
    import('../../app/services.js'),
  ]);
  const moment = (option: '--from' | '--until', text: string | undefined) =>
    text === undefined ? undefined : momentOption(option, text, 'UTC');
  const window = { fromMs: moment('--from', options.from), untilMs: moment('--until', options.until) };
  const created = await withServices((services) => services(BeliefPartitions).create(window));
  for (const name of created) console.log(`Created ${name}.`);
  if (created.length === 0) console.log('All partitions exist already.');
}

export async function start(): Promise<void> {
  const settings = readSettings();
  const uri = await getDatabaseUri(settings);
  // The embedded server has a password of its own, which people need to connect to it.
  const [place, address] =
    settings.databaseUri === undefined
      ? [`embedded server, data below ${settings.home}`, uri]
      : ['configured server', maskPassword(uri)];
  console.log(`The database is up (${place}): ${address}`);
}

export function stop(): void {
  const settings = readSettings();
  if (settings.databaseUri !== undefined) {
    throw new Error('SQLALCHEMY_DATABASE_URI names an external server: there is no embedded server to stop.');
  }
  const wasRunning = new EmbeddedPostgres(settings.home).stop();
  console.log(wasRunning ? 'The embedded database is stopped.' : 'The embedded database was not running.');
}
