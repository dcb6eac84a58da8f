import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { slowWorkflow, testHub } from './hub.ts';
import { watchedPage } from './page-checks.ts';

const hub = testHub();
const mark = Date.now().toString(36);
let browser: Browser;
let page: Page;
let faults: string[];
let workflowId: string;

beforeAll(async () => {
  browser = await openBrowser();
  ({ page, faults } = await watchedPage(await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })));
  workflowId = await slowWorkflow(hub.client, `Everyday ${mark}`);
  await page.goto(await hub.signInLink('/'));
});
afterAll(async () => {
  await browser?.close();
});

const open = async (path: string): Promise<void> => {
  await page.goto(hub.url + path);
  await page.locator('html[data-ready]').waitFor();
};

describe('everyday work in a real browser', () => {
  it('starts a run from the form, walks it by keys and starts it again', async () => {
    await open(`/workflows/${workflowId}/start`);
    await page.getByLabel('texts').fill('["it broke", "I love it"]');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
    await page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();
    await page.keyboard.press('2');
    await page.waitForURL(/\/timeline$/);
    await page.keyboard.press(']');
    await page.waitForURL(/step=classify/);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.search === '');
    const before = page.url();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => url.href !== before && /\/runs\/[0-9a-f-]{36}$/.test(url.pathname));
  });

  it('says which input cannot be read, at its field', async () => {
    await open(`/workflows/${workflowId}/start`);
    await page.getByLabel('texts').fill('[not json');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByText('This is not JSON.').waitFor();
  });

  it('finds a workflow in the palette by keyboard alone', async () => {
    await open('/runs');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search/ }).fill(`everyday ${mark} workflow`);
    await page
      .getByRole('option', { name: new RegExp(`Everyday ${mark}`) })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/workflows/${workflowId}$`));
  });

  it('takes back a pause and a deleted variable', async () => {
    await open(`/workflows/${workflowId}`);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Workflow paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Workflow takes starts again').waitFor();
    await open('/settings/variables');
    const name = `V_${mark}`;
    await page.getByRole('button', { name: 'Add a variable' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Value', { exact: true }).fill('eu');
    await page.getByRole('button', { name: 'Save the variable' }).click();
    await page.getByText(`${name} saved`).waitFor();
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    await page.getByText(`${name} deleted`).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('cell', { name, exact: true }).waitFor();
  });

  it('chooses a workflow by keys, pauses it with the bulk bar, takes that back, and keeps the filters as a view', async () => {
    await open(`/workflows?q=${encodeURIComponent(`Everyday ${mark}`)}`);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Chosen rows' });
    await bar.getByText('1 workflow', { exact: true }).waitFor();
    await bar.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('1 workflow paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row', { name: new RegExp(`Everyday ${mark}.*Active`) }).waitFor();
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Of today');
    await page.getByRole('button', { name: 'Save the view' }).click();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Of today' }).waitFor();
    await page.reload();
    expect(await page.getByRole('link', { name: 'Of today' }).getAttribute('aria-current')).toBe('page');
  });

  it('runs a template with its sample in one click, and finds the run by a filter', async () => {
    await open('/templates');
    await page.getByRole('button', { name: 'Run with sample: Weekly sales digest' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
    const run = new URL(page.url()).pathname;
    await page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();
    await open('/runs');
    await page.getByRole('combobox', { name: /^State/ }).click();
    await page.getByRole('option', { name: 'Completed' }).click();
    await page.waitForURL(/status=completed/);
    await page.locator(`a[href="${run}"]`).first().waitFor();
  });

  it('pauses a schedule and takes it back, makes a new webhook address, and sends to it', async () => {
    const { definition } = await hub.client.getWorkflow({ params: { id: workflowId } });
    const triggers = [
      { id: 'daily', type: 'schedule', config: { cron: '0 7 * * *', timeZone: 'Europe/Berlin' } },
      { id: 'hook', type: 'webhook', config: {} },
    ];
    const made = await hub.client.createWorkflow({ body: { name: `Fired ${mark}`, definition: { ...(definition as object), triggers } } });
    await hub.client.publishWorkflow({ params: { id: made.id }, body: {} });
    await open(`/workflows/${made.id}/triggers`);
    await page.getByText('At 07:00, Europe/Berlin').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'daily' }).locator('time').count()).toBeGreaterThanOrEqual(5);
    await page.getByRole('button', { name: 'Pause daily' }).click();
    await page.getByText('Trigger paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Trigger fires again').waitFor();
    await page.getByRole('link', { name: 'Webhook', exact: true }).click();
    await page.getByRole('button', { name: 'Make a new address' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new address' }).click();
    const url =
      (await page
        .getByRole('status')
        .getByText(/\/hooks\/whk_/)
        .textContent()) ?? '';
    const sent = await page.request.post(hub.url + new URL(url).pathname, { data: { texts: ['it broke'] } });
    expect(sent.status()).toBe(202);
    await page.reload();
    await page.getByRole('table', { name: 'Recent requests' }).getByText('Started a run').waitFor();
  });

  it('makes a key, invites, uploads', async () => {
    await open('/settings/api-keys');
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await page.getByLabel('Name', { exact: true }).fill(`key ${mark}`);
    await page.getByRole('button', { name: 'Create the key' }).click();
    await page.getByText('Keep this key').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await open('/settings/members');
    await page.getByRole('button', { name: 'Invite a person' }).click();
    await page.getByLabel('E-mail').fill(`bo-${mark}@example.com`);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByText('Invitation sent').waitFor();
    await open('/dev/mail');
    await page.getByText(`to bo-${mark}@example.com`).waitFor();
    await open('/files');
    await page.locator('input[type=file]').setInputFiles({ name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
    await page.getByText(`${mark}.csv is uploaded`).waitFor();
  });

  it('shows the outline of a page that is slow, and says so where nothing answers, with the way on', async () => {
    // A page of its own: what it meets are faults of the network.
    const other = await page.context().newPage();
    await other.goto(`${hub.url}/workflows`);
    await other.locator('html[data-ready]').waitFor();
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    await other.route(/\/runs\.data/, async (route) => {
      await held;
      await route.continue();
    });
    await other.getByRole('link', { name: 'Runs', exact: true }).first().click();
    await other.getByText('Runs is loading').waitFor({ state: 'attached' });
    await other.locator('main .skeleton').first().waitFor();
    answer();
    await other.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await other.locator('main .skeleton').count()).toBe(0);
    await other.route(/\.data/, (route) => route.abort());
    await other.getByRole('link', { name: 'Files', exact: true }).first().click();
    await other.getByText('The hub cannot be reached').waitFor();
    await other.unrouteAll();
    await other.getByRole('button', { name: 'Load the page again' }).click();
    await other.getByRole('heading', { name: 'Files' }).waitFor();
    await other.close();
  });

  it('keeps the theme over a reload and signs out', async () => {
    await open('/');
    await page.getByRole('button', { name: /theme, team/ }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await page.getByRole('button', { name: /theme, team/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    // The browser itself writes a line for the refused input.
    expect(faults.filter((fault) => !/status of 4\d\d/.test(fault))).toEqual([]);
  });
});
