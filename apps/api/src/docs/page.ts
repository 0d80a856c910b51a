import { OLD_API_VERSIONS } from '#lib/config/model';

/** The page with Swagger UI; all its files are served by this server. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>FlexMeasures API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** The contracts that the page offers, the first one at the start. */
const CONTRACTS = [
  { name: 'Version 3.0', url: '/openapi.json' },
  ...[...OLD_API_VERSIONS].reverse().map((version) => ({
    name: `Version ${numberOf(version)} (deprecated)`,
    url: `/openapi/${version}.json`,
  })),
];

/** Starts Swagger UI. Without validator, which would send the document to another server. */
export const START = `SwaggerUIBundle({
  urls: ${JSON.stringify(CONTRACTS)},
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
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
