import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#lib/errors';

/** Folder of the migrations in a checkout, seen from the folder of the compiled command. */
const SOURCE = ['..', '..', '..', '..', '..', '..', 'libs', 'database', 'migrations'];
const NUMBER_STEP = 10_000;

/** Adds an empty migration to a checkout of the source, and lists it. */
export function migrate({ message }: { message: string }, folder = join(__dirname, ...SOURCE)): void {
  const indexPath = join(folder, 'index.ts');
  if (!existsSync(indexPath)) {
    const text =
      'New migrations can only be made in a checkout of the source of FlexMeasures. An installed version brings its own: ' +
      'run `flexmeasures db upgrade`.';
    throw new DomainError('SOURCE_MISSING', text);
  }
  const words = message.toLowerCase().match(/[a-z0-9]+/g);
  if (!words || !/^[a-z]/.test(words[0]))
    throw new DomainError(
      'MESSAGE_INVALID',
      '--message must begin with a word of Latin letters.',
      '--message',
    );
  const index = readFileSync(indexPath, 'utf8');
  const newest = Math.max(...[...index.matchAll(/'\.\/(\d+)-/g)].map(([, digits]) => Number(digits)));
  const number = newest + NUMBER_STEP;
  const name = `${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}${number}`;
  const file = `${number}-${words.join('-')}`;
  writeFileSync(join(folder, `${file}.ts`), migrationSource(name, message), { flag: 'wx' });
  writeFileSync(
    indexPath,
    index
      .replace(/\n\n/, `\nimport { ${name} } from './${file}';\n\n`)
      .replace(/\n\];\n$/, `\n  ${name},\n];\n`),
  );
  console.log(
    `Created ${join(folder, `${file}.ts`)}. Write its statements, then run \`npm run build\` and \`flexmeasures db upgrade\`.`,
  );
}

const migrationSource = (
  name: string,
  message: string,
): string => `import type { MigrationInterface, QueryRunner } from 'typeorm';

/** ${message.replaceAll('*/', '')} */
export class ${name} implements MigrationInterface {
  name = '${name}';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('');
  }
}
`;
