import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flexDocs, flexSchemas } from './flex-fields.mjs';
import { ensureInstalled, root, run, tool } from './project.mjs';

const ENTRY = join(root, 'openapi', 'openapi.yaml');
const CONFIG = join(root, 'openapi', 'redocly.yaml');
const GENERATED = join(root, 'openapi', 'generated');
const ENVIRONMENT = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** The generated files: the contract in one file, and its types. */
const DOCUMENT = 'openapi.json';
const TYPES = 'schema.d.ts';
/** Schemas of the flex fields, referenced by the contract. */
const FLEX_SCHEMAS = 'flex-fields.json';

/** Versions of the API before 3. Each has a contract of its own, without types. */
const OLD_VERSIONS = ['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0'];
const pathOfOld = (version) => join(root, 'openapi', 'legacy', `${version}.yaml`);
const documentOfOld = (version) => `legacy-${version}.json`;

await ensureInstalled();
switch (process.argv[2]) {
  case 'generate':
    await generateFromFlexFields();
    await generate(GENERATED);
    break;
  case 'check':
    process.exitCode = (await check()) ? 0 : 1;
    break;
  case 'client':
    process.exitCode = buildClient();
    break;
  default:
    console.error('Usage: node .tools/openapi.mjs generate|check|client');
    process.exitCode = 2;
}

/** Generates files from the table of flex fields, before the contract, which refers to them. */
async function generateFromFlexFields() {
  writeFileSync(join(GENERATED, FLEX_SCHEMAS), await flexSchemas());
  const { path, after } = await flexDocs();
  writeFileSync(path, after);
}

async function generate(folder) {
  mkdirSync(folder, { recursive: true });
  const document = join(folder, DOCUMENT);
  bundle(ENTRY, document);
  for (const version of OLD_VERSIONS) bundle(pathOfOld(version), join(folder, documentOfOld(version)));
  writeFileSync(join(folder, TYPES), await typesOf(JSON.parse(readFileSync(document, 'utf8'))));
}

/** Writes a contract in one file. Ends the process if it is not valid. */
function bundle(entry, document) {
  const code = redocly(['bundle', entry, '--output', document, '--config', CONFIG], 'ignore');
  if (code === 0) return;
  redocly(['lint', entry, '--config', CONFIG], 'inherit');
  process.exit(code);
}

async function typesOf(document) {
  const [{ default: openapiTS, astToString }, { default: ts }] = await Promise.all([
    import('openapi-typescript'),
    import('typescript'),
  ]);
  const file = ts.factory.createTypeReferenceNode(ts.factory.createIdentifier('Blob'));
  const types = await openapiTS(document, {
    // A field with a default is optional in a request.
    defaultNonNullable: false,
    transform: ({ format }) => (format === 'binary' ? file : undefined),
  });
  return `// Generated from the contract by \`npm run openapi:generate\`.\n\n${astToString(types)}`;
}

/** Checks that the contract is valid and that all generated files are up to date. */
async function check() {
  const isFlexFresh = await checkFlexFields();
  const fresh = mkdtempSync(join(tmpdir(), 'flexmeasures-openapi-'));
  try {
    await generate(fresh);
    // In one file, because redocly does not follow references for the fields of a schema when it checks examples.
    const documents = [DOCUMENT, ...OLD_VERSIONS.map(documentOfOld)];
    const isClean =
      redocly(['lint', ...documents.map((name) => join(fresh, name)), '--config', CONFIG], 'inherit') === 0;
    const stale = [...documents, TYPES].filter(
      (name) => read(join(fresh, name)) !== read(join(GENERATED, name)),
    );
    for (const name of stale) {
      console.error(
        `openapi/generated/${name} is not what the contract gives: run \`npm run openapi:generate\`.`,
      );
    }
    return isFlexFresh && isClean && stale.length === 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Checks that the schemas and docs of the flex fields match their table. */
async function checkFlexFields() {
  const docs = await flexDocs();
  const stale = [
    ...(read(join(GENERATED, FLEX_SCHEMAS)) === (await flexSchemas())
      ? []
      : [`openapi/generated/${FLEX_SCHEMAS}`]),
    ...(docs.before === docs.after ? [] : ['docs/flexibility.md']),
  ];
  for (const name of stale)
    console.error(`${name} does not match the table of flex fields: run \`npm run openapi:generate\`.`);
  return stale.length === 0;
}

/** Compiles the package `flexmeasures-client`; its dependencies are in its package.json. */
function buildClient() {
  const built = join(root, 'openapi', 'dist');
  rmSync(built, { recursive: true, force: true });
  const code = run(process.execPath, [tool('tsc'), '--project', join(root, 'openapi', 'tsconfig.json')]);
  if (code !== 0) return code;
  // The compiler does not copy existing declaration files.
  mkdirSync(join(built, 'generated'), { recursive: true });
  copyFileSync(join(GENERATED, TYPES), join(built, 'generated', TYPES));
  return 0;
}

function redocly(args, stdio) {
  return run(process.execPath, [tool('redocly'), ...args], { env: ENVIRONMENT, stdio });
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
