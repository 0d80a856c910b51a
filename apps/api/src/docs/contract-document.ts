import { readContract } from './contract-file';

/**
 * The OpenAPI document of this server as JSON: its `servers` entry is this server, and its token header is the configured
 * one.
 * @param version of the API, as in paths; 3.0 by default
 */
export function contractDocument(tokenHeader: string, version?: string): string {
  const contract = readContract(version);
  contract.servers = [{ url: '/', description: 'This server.' }];
  contract.components.securitySchemes.token.name = tokenHeader;
  return JSON.stringify(contract);
}
