import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Contract {
  servers: { url: string; description: string }[];
  components: { securitySchemes: { token: { name: string } } };
}

const CONTRACT = join('openapi', 'generated', 'openapi.json');

/**
 * The OpenAPI document of this server as JSON: its `servers` entry is this server, and its token header is the configured
 * one.
 */
export function contractDocument(tokenHeader: string): string {
  const contract = JSON.parse(readFileSync(findContractFile(), 'utf8')) as Contract;
  contract.servers = [{ url: '/', description: 'This server.' }];
  contract.components.securitySchemes.token.name = tokenHeader;
  return JSON.stringify(contract);
}

/** Finds the file at the root of the project or package, above the compiled or source code. */
function findContractFile(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, CONTRACT);
    if (existsSync(file)) return file;
    if (folder === dirname(folder))
      throw new Error(`${CONTRACT} was not found in ${__dirname} or a folder above it.`);
  }
}
