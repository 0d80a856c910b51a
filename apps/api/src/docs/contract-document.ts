import { readContract } from './contract-file';

/**
 * The OpenAPI document of this server as JSON: its `servers` entry is this server, and its token header is the configured
 * one.
 */
export function contractDocument(tokenHeader: string): string {
  const contract = readContract();
  contract.servers = [{ url: '/', description: 'This server.' }];
  contract.components.securitySchemes.token.name = tokenHeader;
  return JSON.stringify(contract);
}
