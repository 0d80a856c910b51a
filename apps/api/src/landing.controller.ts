import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from './auth/public';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>FlexMeasures</title></head>
<body>
<h1>FlexMeasures</h1>
<p>The server is up. Its state: <a href="/api/v3_0/health/ready">/api/v3_0/health/ready</a>.</p>
<p>The API, to read and to try: <a href="/docs">/docs</a>; for tools: <a href="/openapi.json">/openapi.json</a>.</p>
</body>
</html>
`;

/** What a person sees who opens the server in a browser. */
@Public()
@ApiExcludeController()
@Controller()
export class LandingController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }
}
