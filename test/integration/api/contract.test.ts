import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { openHost } from '#lib/plugins';
import { ApiModule } from '../../../apps/api/src/api.module';
import { createTestDatabase } from '../../harness/databases/database';
import { documentDifferences } from '../../harness/openapi/document-differences';
import { servedDocument } from '../../harness/openapi/served-document';
import { TEST_SECRET_KEY } from '../../harness/servers/secret-key';

const CONTRACT = join(__dirname, '..', '..', '..', 'openapi', 'generated', 'openapi.json');

it('serves exactly the operations of the contract', async () => {
  const database = await createTestDatabase();
  process.env['SQLALCHEMY_DATABASE_URI'] = database.uri;
  process.env['SECRET_KEY'] = TEST_SECRET_KEY;
  const app = await NestFactory.create(ApiModule.forRoot(openHost()), {
    logger: false,
    abortOnError: false,
  });
  try {
    const contract = JSON.parse(readFileSync(CONTRACT, 'utf8')) as object;
    const found = documentDifferences(contract, servedDocument(app));
    if (found.length > 0) throw new Error(explanation(found));
  } finally {
    await app.close();
    await database.drop();
  }
});

const LONGEST_LINE = 300;

/** The differences by operation, as a person reads them. */
function explanation(found: string[]): string {
  const operations = new Map<string, string[]>();
  for (const line of found) {
    const [, operation, rest] = /^([A-Z]+ [^:> ]+)(?: > |: )(.*)$/s.exec(line)!;
    operations.set(operation!, [...(operations.get(operation!) ?? []), `  ${rest!.slice(0, LONGEST_LINE)}`]);
  }
  const lines = [...operations].flatMap(([operation, places]) => [operation, ...places]);
  return `The code and openapi/ differ in ${found.length} places. Change what is wrong:\n${lines.join('\n')}`;
}
