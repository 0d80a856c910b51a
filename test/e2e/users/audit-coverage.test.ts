import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../../../apps/cli/src/program';
import { Changes } from '../../harness/audit/changes';
import { COMMANDS_WITHOUT_ENTRY, OPERATIONS_WITHOUT_ENTRY } from '../../harness/audit/without-entry';
import { operations } from '../../harness/contract/contract';
import { validRequests } from '../../harness/contract/valid-requests';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { eventually } from '../../harness/eventually';
import { Fresh, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';
import { flexmeasures } from '../../harness/servers/cli';

const OPERATIONS = operations
  .filter(({ method, isPublic }) => method !== 'GET' && !isPublic)
  .map(({ operationId }) => operationId);

const namesOf = (parent: Command, path: string[] = []): string[] =>
  parent.commands.flatMap((command) => {
    const name = [...path, command.name()];
    return command.commands.length > 0 ? namesOf(command, name) : [name.join(' ')];
  });

/** The last ones need, or make, an empty database. */
const LAST = ['delete structure', 'add toy-account'];
const COMMANDS = [
  ...namesOf(buildProgram()).filter(
    (name) => /^(add|edit|delete|roles|users) (?!list)/.test(name) && !LAST.includes(name),
  ),
  ...LAST,
];

const PEOPLE: Person[] = ['member', 'accountAdmin', 'admin'];
const COMMAND_LINE = { author: `command line (${userInfo().username})`, userId: null };

describe('The audit log', () => {
  let scene: Scene;
  let fresh: Fresh;
  let changes: Changes;
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const ids = new Map<Person, number>();

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
    changes = new Changes(scene, folder);
    await waitForEvents(scene.sql);
    for (const person of PEOPLE) {
      const { rows } = await scene.sql.query<{ id: number }>('SELECT id FROM fm_user WHERE username = $1', [
        person,
      ]);
      ids.set(person, rows[0]!.id);
    }
  });
  afterAll(async () => {
    await scene.stop();
    rmSync(folder, { recursive: true });
  });

  /** Waits for schedules, which change things for their author, and for the entries about everything. */
  const waitForEntries = async (): Promise<void> => {
    const openJobs = async () =>
      (await scene.sql.query("SELECT FROM job WHERE queue = 'scheduling' AND ended_at IS NULL")).rowCount;
    await eventually(openJobs, (count) => count === 0);
    await waitForEvents(scene.sql, 'audit-log');
  };

  /** Authors of the entries after an entry. */
  const authorsAfter = async (id: string): Promise<unknown[]> => {
    await waitForEntries();
    const { rows } = await scene.sql.query<object>(
      'SELECT author, author_user_id AS "userId" FROM audit_log WHERE id > $1',
      [id],
    );
    return rows;
  };
  const lastEntry = async (): Promise<string> => {
    await waitForEntries();
    const { rows } = await scene.sql.query<{ id: string }>(
      'SELECT coalesce(max(id), 0) AS id FROM audit_log',
    );
    return rows[0]!.id;
  };

  it.each(OPERATIONS)('tells who did %s, and has no entry if it was refused', async (operationId) => {
    let succeeded = 0;
    for (const person of PEOPLE) {
      let before = await lastEntry();
      const send = changes.operations[operationId] ?? validRequests[operationId]!;
      // What prepares the request is done, and recorded, before it is sent.
      const client = scene.as(person);
      client.use({
        onRequest: async () => {
          before = await lastEntry();
          return undefined;
        },
      });
      const { response } = await send(client, { ...scene, fresh });
      const authors = await authorsAfter(before);
      const isRecorded = response.status < 300 && !(operationId in OPERATIONS_WITHOUT_ENTRY);
      expect([person, authors.length > 0]).toEqual([person, isRecorded]);
      expect(authors).toEqual(authors.map(() => ({ author: person, userId: ids.get(person) })));
      if (response.status < 300) succeeded++;
    }
    expect(succeeded).toBeGreaterThan(0);
  });

  it.each(COMMANDS)('tells that the command line did %s', async (name) => {
    const argumentsOf = changes.commands[name];
    if (!argumentsOf) throw new Error(`Changes.commands has no arguments of the command ${name}.`);
    const args = await argumentsOf();
    const before = await lastEntry();
    const { code, stderr } = await flexmeasures([...name.split(' '), ...args], {
      databaseUri: scene.databaseUri,
      input: 'a long password of a user',
    });
    expect([code, stderr]).toEqual([0, stderr]);
    const authors = await authorsAfter(before);
    expect(authors.length > 0).toBe(!(name in COMMANDS_WITHOUT_ENTRY));
    expect(authors).toEqual(authors.map(() => COMMAND_LINE));
  });

  it('has no entry without an author', async () => {
    const { rows } = await scene.sql.query("SELECT FROM audit_log WHERE author IS NULL OR author = ''");
    expect(rows).toEqual([]);
  });

  it('leaves out only operations and commands that there are', () => {
    expect(OPERATIONS).toEqual(expect.arrayContaining(Object.keys(OPERATIONS_WITHOUT_ENTRY)));
    expect(COMMANDS).toEqual(expect.arrayContaining(Object.keys(COMMANDS_WITHOUT_ENTRY)));
  });
});
