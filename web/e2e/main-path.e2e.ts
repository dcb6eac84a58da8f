import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { slowWorkflow, testHub } from './hub.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

const hub = testHub();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

const texts = Array.from({ length: 30 }, (_, index) => `Text ${index}: it broke after a day, I am unhappy`);

describe('the main path in a real browser', () => {
  it('leads from the sign-in link to the run page, whose steps change while the run goes on', async () => {
    const workflowId = await slowWorkflow(hub.client, `Live ${Date.now()}`);
    const started = await hub.client.startRun({ params: { id: workflowId }, body: { input: { texts } } });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, faults } = await watchedPage(context);
    await page.goto(await hub.signInLink(`/runs/${started.id}`));
    expect(new URL(page.url()).pathname).toBe(`/runs/${started.id}`);

    const card = page.locator('.react-flow__node[data-id="result"]');
    await card.waitFor();
    // No reload: the end arrives over the live channel.
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();
    await expect.poll(() => card.getAttribute('aria-label')).toBe('Answers, completed');
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);

    await page.getByRole('link', { name: 'Timeline' }).click();
    await page.getByRole('img', { name: /^Classify each text: 3\d attempts$/ }).waitFor();
    await page.getByRole('link', { name: 'Graph', exact: true }).click();
    await page.locator('.react-flow__node[data-id="classify"]').click();
    const drawer = page.getByRole('complementary', { name: 'Step Classify each text' });
    await drawer.getByText('demo', { exact: true }).waitFor();
    await drawer.getByRole('button', { name: 'Next item' }).click();
    await drawer.getByRole('heading', { name: 'Item 0 of 30' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('cancels a run at once and says so', async () => {
    const workflowId = await slowWorkflow(hub.client, `Cancel ${Date.now()}`);
    const many = Array.from({ length: 2000 }, (_, index) => `Text ${index}`);
    const started = await hub.client.startRun({ params: { id: workflowId }, body: { input: { texts: many } } });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, faults } = await watchedPage(context);
    await page.goto(await hub.signInLink(`/runs/${started.id}`));
    await page.getByRole('button', { name: 'Cancel run' }).click();
    // The toast and the line of the run both say so.
    await page.getByText('Run cancelled', { exact: true }).first().waitFor();
    await page.getByRole('region', { name: 'The run' }).getByText('Cancelled', { exact: true }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('refuses a page without a session and comes back to it after signing in', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${hub.url}/settings/members`);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/sign-in?to=%2Fsettings%2Fmembers');
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password').fill('wrong password here');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('E-mail or password is not right.').waitFor();
    await context.close();
  });
});

const pages = [
  '/',
  '/inbox',
  '/approvals',
  '/templates',
  '/templates/weekly-sales',
  '/workflows',
  '/runs',
  '/files',
  '/connections',
  '/settings',
  '/settings/appearance',
  '/settings/sessions',
  '/settings/limits',
  '/settings/members',
  '/settings/api-keys',
  '/settings/variables',
  '/settings/audit',
  '/dev/mail',
  '/dev/ui',
  '/nowhere',
];

describe('every page', () => {
  // Both widths and both themes, each once: layout hangs on the width, contrast on the theme.
  for (const [width, scheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`is axe clean, quiet and still at ${width} px, ${scheme}`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: scheme });
      const { page, faults } = await watchedPage(context);
      await page.goto(await hub.signInLink('/'));
      const found: string[] = [];
      const { items } = await hub.client.listRuns({ query: { status: 'completed', limit: 50 } });
      const longest = items.toSorted((a, b) => b.totals.steps - a.totals.steps)[0];
      const { items: steps } = await hub.client.summarizeRunNodes({ params: { id: longest?.id ?? '' } });
      // A long page is painted before the drawer beside it has come.
      const ofRun = ['', '/timeline', '/events', '/output'].map((tab) => `/runs/${longest?.id}${tab}?step=${steps[0]?.nodeId}&continue=`);
      for (const path of [...pages, ...ofRun]) {
        await page.goto(hub.url + path);
        await page.locator('html[data-ready]').waitFor();
        await page.evaluate(() => document.fonts.ready);
        found.push(...(await axeFaults(page)).map((fault) => `${path} ${fault}`));
        if ((await sideways(page)) > 0) found.push(`${path} is wider than the screen`);
        const shift = await shiftOf(page);
        if (shift > 0.02) found.push(`${path} shifts by ${shift.toFixed(3)}`);
      }
      expect(found).toEqual([]);
      // The browser itself writes a line for the 404 we asked for.
      expect(faults.filter((fault) => !/status of 404/.test(fault))).toEqual([]);
      await context.close();
    });
  }
});
