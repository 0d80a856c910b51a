import type { Browser, Locator, Page } from 'playwright-core';
import { startApiHere, type Api } from '../harness/servers/api';
import { describeWithBrowser, PATIENCE_MS, startBrowser } from '../harness/browser/chromium';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { TOY_ACCOUNT } from '../harness/databases/templates';

const TOY_USER = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };

describeWithBrowser('The API documentation page in a browser', () => {
  let database: TestDatabase;
  let api: Api;
  let browser: Browser;
  let page: Page;
  /** What the browser logs. */
  const errors: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    api = await startApiHere(database.uri);
    browser = await startBrowser();
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${api.url}/docs`);
  });

  afterAll(async () => {
    await browser.close();
    await api.stop();
    await database.drop();
  });

  /** Opens an operation and sends its example. */
  async function execute(operationId: string): Promise<Locator> {
    const operation = page.locator(`.opblock[id$="-${operationId}"]`);
    if ((await operation.getAttribute('class'))?.includes('is-open') !== true)
      await operation.locator('.opblock-summary-control').click();
    const tryOut = operation.locator('.try-out__btn:not(.cancel)');
    if ((await tryOut.count()) > 0) await tryOut.click();
    await operation.locator('.execute').click();
    return operation.locator('.live-responses-table .response').first();
  }

  const statusOf = async (response: Locator): Promise<string> =>
    (await response.locator('.response-col_status').innerText()).trim();

  it('is in the frame of all pages', async () => {
    expect(await page.locator('.frame-header').innerText()).toContain('Log in');
    expect(await page.locator('.frame-footer').innerText()).toContain('Version');
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('main').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('sends requests without a token, which are answered with a request to log in', async () => {
    expect(await statusOf(await execute('listAssets'))).toMatch(/^401/);
  });

  it('sends requests with the token of "Authorize"', async () => {
    const token = await api.logIn(TOY_USER.email, TOY_USER.password);
    await page.locator('.auth-wrapper .btn.authorize').click();
    const dialogue = page.locator('.dialog-ux .modal-ux');
    const scheme = dialogue.locator('.auth-container', { hasText: 'token' }).first();
    await scheme.locator('input').fill(token);
    await scheme.locator('.auth-btn-wrapper .authorize').click();
    await dialogue.locator('.btn-done').first().click();

    const response = await execute('listAssets');
    await response.locator('.response-col_status', { hasText: '200' }).waitFor();
    expect(await response.locator('.response-col_description').innerText()).toMatch(/"name": "toy-/);
  });
});
