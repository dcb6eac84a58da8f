import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { watchedPage } from './page-checks.ts';

const hub = testHub();
const mark = Date.now().toString(36);
const name = `Shop ${mark}`;
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await openBrowser();
  ({ page, faults } = await watchedPage(await browser.newContext({ viewport: { width: 1280, height: 800 } })));
  await page.goto(await hub.signInLink('/'));
});
afterAll(async () => {
  await browser?.close();
});

describe('connections in a real browser', () => {
  it('are reached by the rail and stored from the gallery, the value never seen again', async () => {
    await page.locator('html[data-ready]').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click();
    await page.waitForURL(/\/connections$/);
    await page.getByLabel('Search services').fill('bearer');
    await page.getByRole('button', { name: 'Connect Bearer token' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Name', { exact: true }).fill(name);
    await sheet.getByLabel('Token', { exact: true }).fill(`secret-${mark}`);
    await sheet.getByLabel('Allowed hosts').fill('api.example.com');
    await page.getByRole('button', { name: 'Store the connection' }).click();
    await page.waitForURL(/\/connections\/[0-9a-f-]{36}$/);
    expect(await page.content()).not.toContain(`secret-${mark}`);
    await page.getByText('No workflow names it.').waitFor();
  });

  it('say what testing found', async () => {
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/^It (works|does not work)$/).waitFor();
  });

  it('name the workflows that use them, down to the step', async () => {
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const made = await hub.client.createWorkflow({
      body: {
        name: `Uses ${mark}`,
        definition: {
          schemaVersion: 1,
          nodes: [
            {
              id: 'fetch_orders',
              type: 'data_source',
              label: 'Fetch orders',
              config: { connector: 'http', action: 'request', credentialId: id, params: { method: 'GET', url: 'https://api.example.com/orders' } },
            },
          ],
          edges: [],
        },
      },
    });
    await page.reload();
    const uses = page.getByRole('region', { name: 'What uses it' });
    await uses.getByRole('link', { name: `Uses ${mark}` }).waitFor();
    await uses.getByText('Fetch orders', { exact: true }).waitFor();
    expect(await uses.getByRole('link').getAttribute('href')).toContain(made.id);
  });

  it('are revoked by typing their name, and are gone', async () => {
    await page.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: /Revoke|Delete/ }).click();
    await page.waitForURL(/\/connections$/);
    await page.getByRole('heading', { name: 'Connect a service' }).waitFor();
    expect(await page.getByText(name, { exact: true }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
