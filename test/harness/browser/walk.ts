import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { hiddenFields } from './browser';
import { PATIENCE_MS } from './chromium';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Folder for pictures of the pages; without it, none are taken. */
const PICTURES = process.env['SCREENSHOTS'] || undefined;

const WIDTHS = [360, 1280, 1920];
const MODES = ['light', 'dark'] as const;

/** A page of a browser that notes what must not happen. */
export interface Walk {
  page: Page;
  /** Errors and warnings of the page, failed requests, and requests to other servers. */
  complaints: string[];
  /**
   * Looks at the page as it is, in light or dark: no serious accessibility problem, nothing wider than a phone. Takes
   * pictures if SCREENSHOTS names a folder, and then looks at it in light and dark.
   * @returns what is wrong
   */
  inspect: (name: string) => Promise<string[]>;
  close: () => Promise<void>;
}

/** The rules of axe whose outcome depends on colours. The rest of a page is the same in light and dark. */
const RULES_ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Charts are drawn anew after a change of their size. */
const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Opens a page in a session of its own. @param origin of the server, without which nothing may be loaded */
export async function openWalk(
  browser: Browser,
  origin: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Walk> {
  const context: BrowserContext = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 800 },
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  // axe itself adds inline styles.
  let isInspected = false;
  page.on('console', (message) => {
    if (!isInspected && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== origin)
      complaints.push(request.url());
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  const inspectQuietly = async (name: string) => {
    isInspected = true;
    const problems = await inspect(page, name);
    isInspected = false;
    return problems;
  };
  return { page, complaints, inspect: inspectQuietly, close: () => context.close() };
}

/** Both for pictures, otherwise one: half of the pages are looked at in light, the others in dark. */
function modesFor(name: string): readonly (typeof MODES)[number][] {
  if (PICTURES !== undefined) return MODES;
  const number = Buffer.from(name).reduce((sum, byte) => sum + byte, 0);
  return [MODES[number % MODES.length]!];
}

async function inspect(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  const { width, height } = page.viewportSize()!;
  for (const [index, mode] of modesFor(name).entries()) {
    await page.emulateMedia({ colorScheme: mode, reducedMotion: 'reduce' });
    // The width of a page does not depend on its colours.
    for (const width of index === 0 || PICTURES !== undefined ? WIDTHS : []) {
      await page.setViewportSize({ width, height });
      await page.evaluate(TWO_FRAMES);
      const scrolled: number = await page.evaluate('document.documentElement.scrollWidth');
      if (scrolled > width) problems.push(`${name}: ${scrolled} px wide on a screen of ${width} px`);
      if (PICTURES === undefined) continue;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}-${mode}-${width}.png`), fullPage: true });
    }
    const rules = index === 0 ? undefined : RULES_ABOUT_COLOURS;
    problems.push(...(await findAxeProblems(page, rules)).map((problem) => `${name}, ${mode}: ${problem}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width, height });
  return problems;
}

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious problems that axe finds. @param rules to check; all of them otherwise */
async function findAxeProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  const options = { preload: false, ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const violations = await page.evaluate<AxeViolation[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
    );
}

/** Logs in without showing the form, which is work for the browser, and then shows a page. */
export async function openAs({ page }: Walk, email: string, password: string, path = '/'): Promise<void> {
  const { request } = page.context();
  const shown = await (await request.get('/login')).text();
  const form = { ...hiddenFields(shown), email, password };
  const status = (await request.post('/login', { form, maxRedirects: 0 })).status();
  if (status !== 303) throw new Error(`Logging in as ${email} was answered with status ${status}.`);
  await page.goto(path);
}

/** Logs in with the form of the login page. @param path of the page to show then */
export async function logInOn({ page }: Walk, email: string, password: string, path = '/'): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.click('main form button');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}
