/** What people do around a run: look ahead without running, keep it with a note, say how long runs are kept, set an output by hand and go on. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { slowWorkflow, testHub } from './hub.ts';
import { axeFaults, watchedPage } from './page-checks.ts';

const hub = testHub();
const mark = Date.now().toString(36);
const texts = '["it broke", "I love it"]';
let browser: Browser;
let page: Page;
let faults: string[];
let workflowId: string;
let runId: string;

beforeAll(async () => {
  browser = await openBrowser();
  ({ page, faults } = await watchedPage(await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })));
  workflowId = await slowWorkflow(hub.client, `Cared for ${mark}`);
  await page.goto(await hub.signInLink('/'));
});
afterAll(async () => {
  await browser?.close();
});

const open = async (path: string): Promise<void> => {
  await page.goto(hub.url + path);
  await page.locator('html[data-ready]').waitFor();
};
const completed = (): Promise<void> => page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();

describe('care for a run in a real browser', () => {
  it('looks ahead from the builder: which steps would run, with how many calls, and none is started', async () => {
    const before = await hub.client.listRuns({ query: { workflowId, limit: 1 } });
    await open(`/workflows/${workflowId}/edit`);
    await page.locator('.react-flow__node[data-id="classify"]').waitFor();
    await page.getByRole('button', { name: 'More ways to test' }).click();
    await page.getByRole('menuitem', { name: 'Choose the input' }).click();
    const sheet = page.getByRole('dialog', { name: 'Test the workflow' });
    const list = sheet.getByRole('group', { name: 'texts' });
    for (const [index, text] of (JSON.parse(texts) as string[]).entries()) {
      await list.getByRole('button', { name: /^Add / }).click();
      await list.getByRole('textbox').nth(index).fill(text);
    }
    await sheet.getByRole('button', { name: 'Dry run' }).click();
    const found = sheet.getByRole('region', { name: 'What would run' });
    await found.getByRole('status').waitFor();
    const classify = found.getByRole('button', { name: /Classify each text/ });
    expect(await classify.textContent()).toMatch(/2 items/);
    expect(await axeFaults(page, '[role="dialog"]')).toEqual([]);
    const after = await hub.client.listRuns({ query: { workflowId, limit: 1 } });
    expect(after.items.length).toBe(before.items.length);
  });

  it('keeps a run by a note, which stays over a reload and can be taken away', async () => {
    runId = (await hub.client.startRun({ params: { id: workflowId }, body: { input: { texts: JSON.parse(texts) as string[] } } })).id;
    await open(`/runs/${runId}`);
    await completed();
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('Note').fill(`Shown to the auditor, ${mark}`);
    await page.getByRole('button', { name: 'Save the note' }).click();
    // The form says "kept for good" as well: only the line that takes its place says that it is saved.
    await page.getByRole('button', { name: 'Change the note' }).waitFor();
    await page.reload();
    await page.locator('html[data-ready]').waitFor();
    await page.getByText(`Shown to the auditor, ${mark}`).waitFor();
    expect((await hub.client.getRun({ params: { id: runId } })).note).toBe(`Shown to the auditor, ${mark}`);
    await page.getByRole('button', { name: 'Change the note' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByRole('button', { name: 'Add a note' }).waitFor();
  });

  it('sets how long runs are kept, refuses what is no number of days, and goes back to the plan', async () => {
    const before = await hub.client.getRetention();
    await open('/settings/retention');
    await page
      .getByRole('radio', { name: 'Chosen by us' })
      .or(page.getByRole('button', { name: 'Chosen by us' }))
      .first()
      .click();
    const days = page.getByLabel('Days after the end of a run');
    await days.fill(String(before.byPlan - 1));
    await page.getByRole('button', { name: `Keep runs for ${before.byPlan - 1} days` }).click();
    await page.getByText(`Ended runs are kept for ${before.byPlan - 1} days`).waitFor();
    expect((await hub.client.getRetention()).chosen).toBe(before.byPlan - 1);
    await page
      .getByRole('radio', { name: /^As the plan says/ })
      .or(page.getByRole('button', { name: /^As the plan says/ }))
      .first()
      .click();
    await page.getByRole('button', { name: 'Keep runs as the plan says' }).click();
    await page.getByText(`Ended runs are kept for ${before.byPlan} days`).waitFor();
    expect((await hub.client.getRetention()).chosen).toBeNull();
  });

  it('sets one output by hand and goes on: nothing before it is paid again, and who set it stays readable', async () => {
    await open(`/runs/${runId}?step=classify`);
    await page.getByRole('link', { name: 'Edit output and continue' }).click();
    const sheet = page.getByRole('dialog', { name: /^Edit the output of / });
    await sheet.getByLabel('Output').fill('["set by hand", "and so is this"]');
    await sheet.getByRole('region', { name: 'Before and after' }).waitFor();
    await sheet
      .getByRole('button', { name: /^Continue (and keep|with it)/ })
      .and(page.locator(':not([aria-disabled])'))
      .click();
    await page.waitForURL((url) => /^\/runs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(runId));
    const id = new URL(page.url()).pathname.slice('/runs/'.length);
    // The address comes before the page: for a moment what stands there is still the run before, which is completed too.
    await expect.poll(async () => (await hub.client.getRun({ params: { id } })).status, { timeout: 60_000 }).toBe('completed');
    await completed();
    const next = await hub.client.getRun({ params: { id } });
    expect(next).toMatchObject({ retryOf: runId, output: { answers: ['set by hand', 'and so is this'] } });
    expect(next.totals.costUsd).toBe(0);
    await open(`/runs/${next.id}?step=classify`);
    await page
      .getByRole('complementary', { name: /^Step / })
      .getByText('Set by hand')
      .first()
      .waitFor();
  });

  it('names what the page can do in the palette, does it from there, and says why it cannot', async () => {
    await open(`/runs/${runId}`);
    await page.keyboard.press('Control+k');
    const list = page.getByRole('listbox', { name: 'Results' });
    await list.getByRole('option', { name: 'Run again' }).waitFor();
    for (const name of ['Continue', 'Open in editor', 'Show: Timeline', 'Add a note', 'Go back in time'])
      expect(await list.getByRole('option', { name, exact: true }).count(), name).toBe(1);
    await page.getByRole('combobox', { name: /^Search/ }).fill('show timeline');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/timeline$/);
    expect(faults).toEqual([]);
  });
});
