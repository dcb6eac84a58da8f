/** Lists that live while one looks at them: rows change where they stand, new ones wait behind a line, and nothing moves. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

const hub = testHub();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

/** Waits for a word, or for an answer, and is done. */
async function waiting(kind: 'signal' | 'approval'): Promise<string> {
  const config = kind === 'signal' ? { signal: 'go', timeout: '1h' } : { title: 'Shall it go on?' };
  const made = await hub.client.createWorkflow({
    body: {
      name: `Watched ${kind} ${Date.now()}`,
      definition: {
        schemaVersion: 1,
        settings: { maxConcurrentRuns: 10 },
        nodes: [{ id: 'stop', type: kind === 'signal' ? 'wait' : 'approval', label: 'Wait here', config }],
        edges: [],
      },
    },
  });
  await hub.client.publishWorkflow({ params: { id: made.id }, body: { note: 'For the browser test' } });
  return made.id;
}

const start = async (id: string): Promise<string> => (await hub.client.startRun({ params: { id }, body: { input: {} } })).id;
const go = (id: string): Promise<unknown> => hub.client.signalRun({ params: { id, name: 'go' }, body: { messageId: `go-${id}` } });
const waits = (id: string): Promise<void> =>
  expect.poll(async () => (await hub.client.getRun({ params: { id } })).status, { timeout: 30_000 }).toBe('waiting');

/** The runs a page shows, from top to bottom. */
const shownOn = (page: Page, among: readonly string[]): Promise<string[]> =>
  page
    .locator('[data-rows] a[href^="/runs/"]')
    .evaluateAll(
      (links, known) => links.map((link) => link.getAttribute('href')?.replace('/runs/', '') ?? '').filter((id) => known.includes(id)),
      among,
    );
const rowOf = (page: Page, id: string) => page.locator('[data-rows] > tr', { has: page.locator(`a[href="/runs/${id}"]`) });

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
] as const)
  describe(`lists that live, at ${width} px`, () => {
    const open = async (path: string) => {
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: scheme });
      const { page, faults } = await watchedPage(context);
      page.setDefaultTimeout(30_000);
      await page.goto(await hub.signInLink(path));
      await page.locator('html[data-ready]').waitFor();
      await page.waitForLoadState('networkidle');
      return { page, faults, context, before: await shiftOf(page) };
    };

    it('lets new runs wait, changes those that are shown in their places, and gives all when asked by keyboard', async () => {
      const workflow = await waiting('signal');
      const [first, second] = [await start(workflow), await start(workflow)];
      await Promise.all([first, second].map(waits));
      const lists = [
        '/',
        `/runs?workflow=${workflow}`,
        `/runs?workflow=${workflow}&status=waiting`,
        `/workflows/${workflow}/runs`,
        `/workflows/${workflow}`,
      ];
      const opened = await Promise.all(lists.map(open));
      for (const { page } of opened) expect(await shownOn(page, [first, second])).toEqual([second, first]);

      // Others start two and end one of those that are shown.
      const fresh = [await start(workflow), await start(workflow)];
      await Promise.all(fresh.map(waits));
      await go(second);
      const all = [first, second, ...fresh];
      for (const { page, faults, before } of opened) {
        const line = page.getByRole('button', { name: /^Show 2 new runs$/ });
        await line.waitFor();
        // Also where the list shows only what waits: it stays, and says what became of it.
        await rowOf(page, second).locator('.state-text', { hasText: 'Completed' }).waitFor();
        expect(await shownOn(page, all)).toEqual([second, first]);
        expect((await shiftOf(page)) - before).toBeLessThanOrEqual(0.02);
        expect(await axeFaults(page)).toEqual([]);
        expect(await sideways(page)).toBe(0);
        await line.focus();
        await page.keyboard.press('Enter');
        await line.waitFor({ state: 'detached' });
        const now = await shownOn(page, all);
        expect(now.slice(0, 2)).toEqual(fresh.toReversed());
        expect(faults).toEqual([]);
      }
      // What the filter leaves out goes with that, and only then.
      expect(await shownOn((opened[2] as (typeof opened)[number]).page, all)).toEqual([...fresh.toReversed(), first]);
      const runs = (opened[1] as (typeof opened)[number]).page;
      expect(await runs.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(`/runs/${fresh[1]}`);
      for (const { context } of opened) await context.close();
    });

    it('lets new questions wait, and keeps one that somebody else answered where it is', async () => {
      const workflow = await waiting('approval');
      const answered = await start(workflow);
      await waits(answered);
      const { page, before, faults, context } = await open('/approvals?show=open');
      const question = page.getByRole('listitem').filter({ has: page.locator(`a[href^="/runs/${answered}"]`) });
      await question.waitFor();
      const next = await start(workflow);
      await waits(next);
      await hub.client.answerNode({
        params: { id: answered, nodeId: 'stop' },
        body: { decision: 'approved', path: 'stop', messageId: `yes-${answered}` },
      });
      await page.getByRole('button', { name: /^Show \d+ new questions?$/ }).waitFor({ timeout: 30_000 });
      await question.getByRole('button', { name: /^Approve.*It was answered/ }).waitFor();
      expect((await shiftOf(page)) - before).toBeLessThanOrEqual(0.02);
      await page.getByRole('button', { name: /^Show \d+ new questions?$/ }).click();
      await question.waitFor({ state: 'detached' });
      expect(faults).toEqual([]);
      await context.close();
    });
  });
