import type { PluginLoader } from '#lib/plugins';
import { readContract } from './contract-file';
import { addPluginOperations } from './plugin-operations';

/**
 * The OpenAPI document of this server as JSON: its `servers` entry is this server, its token header is the configured
 * one, and it has the routes of plugins.
 * @param version of the API, as in paths; 3.0 by default
 */
export function contractDocument(tokenHeader: string, plugins: PluginLoader, version?: string): string {
  const contract = readContract(version);
  contract.servers = [{ url: '/', description: 'This server.' }];
  contract.components.securitySchemes.token.name = tokenHeader;
  if (version === undefined) addPluginOperations(contract, plugins);
  return JSON.stringify(contract);
}
