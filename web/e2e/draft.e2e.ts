/** A draft and the person who makes it: whatever the network and the pages do, it is never in conflict with itself, and nothing of it is lost. */
import type { Browser, Page, Request, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { slowWorkflow, testHub } from './hub.ts';

const hub = testHub();
const mark = Date.now().toString(36);
let browser: Browser;
let page: Page;
let id: string;

/** Requests that save the draft, held until the test lets them go; null: they go by themselves. */
let held: Route[] | null = null;

beforeAll(async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  // Browsers do end pages without a word: nothing can be sent as they go.
  await page.addInitScript(() => window.addEventListener('pagehide', (event) => event.stopImmediatePropagation(), { capture: true }));
  await page.goto(await hub.signInLink('/'));
  await page.route(/\/api\/v1\/workflows\/[0-9a-f-]{36}$/, (route) => {
    if (held === null || route.request().method() !== 'PATCH') return route.continue();
    held.push(route);
  });
});
beforeEach(async () => {
  held = null;
  id = await slowWorkflow(hub.client, `Draft ${mark}`);
});
afterAll(async () => {
  await browser?.close();
});

const card = (node: string) => page.locator(`.react-flow__node[data-id="${node}"]`);
const awake = (): Promise<void> => card('classify').waitFor();
const openDraft = async (): Promise<void> => {
  await page.goto(`${hub.url}/workflows/${id}/edit`);
  await awake();
};
/** Leaves the step out of the run, or takes it in again. */
const toggle = async (node: string): Promise<void> => {
  await page.locator('.builder-canvas').focus();
  await card(node).click({ position: { x: 80, y: 12 } });
  await page.keyboard.press('x');
};
const words = () => page.getByRole('status');
const saved = (): Promise<void> => words().getByText('Saved', { exact: true }).waitFor();
const leftOut = async (): Promise<string[]> => {
  const { definition } = await hub.client.getWorkflow({ params: { id } });
  return (definition as { nodes: { id: string; disabled?: boolean }[] }).nodes.filter(({ disabled }) => disabled).map((node) => node.id);
};
const caught = async (many: number): Promise<void> => expect.poll(() => held?.length, { timeout: 10_000 }).toBe(many);

/** Opens the draft and leaves a step out; the request that saves it is held. */
async function heldSave(): Promise<Route> {
  await openDraft();
  held = [];
  await toggle('many');
  await caught(1);
  const [save] = held;
  if (!save) throw new Error('nothing was sent');
  return save;
}

/** The request reaches the server, whatever became of the page that sent it. */
async function arrive(request: Request): Promise<number> {
  const { 'content-type': type, 'if-match': match, 'x-csrf-token': csrf } = await request.allHeaders();
  const answer = await page.context().request.patch(request.url(), {
    headers: { 'content-type': type ?? '', 'if-match': match ?? '', 'x-csrf-token': csrf ?? '', origin: hub.url },
    data: request.postData() ?? '',
  });
  return answer.status();
}

describe('a draft and its one author', () => {
  it('is opened anew twice while its saves are still on their way', async () => {
    const first = (await heldSave()).request();
    // The page goes before its save has arrived: the next one reads the draft as it was.
    await page.reload();
    await awake();
    await toggle('result');
    await caught(2);
    expect(await arrive(first)).toBe(200);
    await page.reload();
    held = null;
    await awake();
    await saved();
    expect(await leftOut()).toEqual(['many', 'result']);
    await toggle('many');
    await saved();
    await expect.poll(leftOut).toEqual(['result']);
    expect(await page.getByRole('button', { name: /saved too/ }).count()).toBe(0);
  });

  it('shows what was saved while its page was being read', async () => {
    const save = await heldSave();
    // The page that goes says when its save was answered: nothing can be asked of it while the next one is on its way.
    await words()
      .filter({ hasText: 'Saving' })
      .evaluate((told) =>
        new MutationObserver(() => {
          if (told.textContent === 'Saved') console.log('draft saved');
        }).observe(told, { subtree: true, childList: true, characterData: true }),
      );
    const answered = page.waitForEvent('console', { predicate: (line) => line.text() === 'draft saved' });
    await page.route(/\/edit$/, async (route) => {
      // Read by the server before the save, painted after it.
      const before = await route.fetch();
      await save.continue();
      await answered;
      await route.fulfill({ response: before });
    });
    await page.reload();
    await page.unroute(/\/edit$/);
    held = null;
    await awake();
    await toggle('result');
    await expect.poll(leftOut).toEqual(['many', 'result']);
    await saved();
  });

  it('is left for another page and opened again while it is being saved', async () => {
    const save = await heldSave();
    await page
      .getByRole('navigation', { name: 'Where you are' })
      .getByRole('link', { name: `Draft ${mark}` })
      .click();
    await page.waitForURL(/\/workflows\/[0-9a-f-]{36}$/);
    await page.getByRole('link', { name: 'Edit', exact: true }).first().click();
    await awake();
    held = null;
    await save.continue();
    await toggle('result');
    await expect.poll(leftOut).toEqual(['many', 'result']);
    await saved();
  });

  it('goes on where the workflow was only renamed meanwhile', async () => {
    await openDraft();
    const { revision } = await hub.client.getWorkflow({ params: { id } });
    await hub.client.updateWorkflow({ params: { id }, ifMatch: revision, body: { name: `Renamed ${mark}` } });
    await toggle('many');
    await expect.poll(leftOut).toEqual(['many']);
    await saved();
  });

  it('is published as the sheet shows it, also where it was saved elsewhere while the sheet was open', async () => {
    await openDraft();
    await toggle('many');
    await saved();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const sheet = page.getByRole('dialog');
    const publish = sheet.getByRole('button', { name: 'Publish version 2' });
    await expect.poll(() => publish.getAttribute('aria-disabled')).toBeNull();
    const { revision, definition } = await hub.client.getWorkflow({ params: { id } });
    const other = { ...(definition as object), settings: { tags: ['elsewhere'] } };
    await hub.client.updateWorkflow({ params: { id }, ifMatch: revision, body: { definition: other } });
    await publish.click();
    await sheet.getByText(/^The draft was saved on another page/).waitFor();
    expect((await hub.client.getWorkflow({ params: { id } })).publishedVersion).toBe(1);
    await publish.click();
    await sheet.getByText('Version 2 is live.').waitFor();
    expect(await hub.client.getWorkflow({ params: { id } })).toMatchObject({ publishedVersion: 2, draftChanged: false, tags: ['elsewhere'] });
    await sheet.getByRole('button', { name: 'Go on editing' }).click();
    await page.getByText('Version 2 is live', { exact: true }).waitFor();
  });
});
