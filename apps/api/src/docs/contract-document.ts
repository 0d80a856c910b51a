import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Contract {
  servers: { url: string; description: string }[];
  components: { securitySchemes: { token: { name: string } } };
}

const CONTRACT = join('openapi', 'generated', 'openapi.json');

/**
 * The contract as text, for readers of this server: requests go where the document came from, with the token in the
 * header that the host chose.
 */
export function contractDocument(tokenHeader: string): string {
  const contract = JSON.parse(readFileSync(contractFile(), 'utf8')) as Contract;
  contract.servers = [{ url: '/', description: 'This server.' }];
  contract.components.securitySchemes.token.name = tokenHeader;
  return JSON.stringify(contract);
}

/** The file lies at the top of the project or package, above the code, be that compiled or not. */
function contractFile(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, CONTRACT);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new Error(`${CONTRACT} is not there.`);
  }
}
