import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The parts of the contract of the API that this server reads. */
export interface Contract {
  servers: { url: string; description: string }[];
  /** Operations by path and method. */
  paths: Record<string, Record<string, { summary?: string }>>;
  components: { securitySchemes: { token: { name: string } } };
}

const CONTRACT = join('openapi', 'generated', 'openapi.json');

/** Reads the contract of the API from its file. */
export const readContract = (): Contract => JSON.parse(readFileSync(findContractFile(), 'utf8')) as Contract;

/** Finds the file at the root of the project or package, above the compiled or source code. */
function findContractFile(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, CONTRACT);
    if (existsSync(file)) return file;
    if (folder === dirname(folder))
      throw new Error(`${CONTRACT} was not found in ${__dirname} or a folder above it.`);
  }
}
