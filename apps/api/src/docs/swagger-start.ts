import { OLD_API_VERSIONS } from '#lib/config/model';

/** The contracts that the page offers, the first one at the start. */
const CONTRACTS = [
  { name: 'Version 3.0', url: '/openapi.json' },
  ...[...OLD_API_VERSIONS].reverse().map((version) => ({
    name: `Version ${numberOf(version)} (deprecated)`,
    url: `/openapi/${version}.json`,
  })),
];

/**
 * Starts Swagger UI. Without validator, which would send the document to another server, and without its logo, which has inline
 * styles; the page has one.
 */
export const START = `SwaggerUIBundle({
  urls: ${JSON.stringify(CONTRACTS)},
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  plugins: [() => ({ components: { Logo: () => null } })],
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** The number of a version in paths: 1.0 for v1. */
function numberOf(version: string): string {
  const number = version.slice(1).replace('_', '.');
  return number.includes('.') ? number : `${number}.0`;
}
