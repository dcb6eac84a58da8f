/** What comes while one watches a run: nothing of the page moves for it, and why it failed stands there with what to do. */
import type { Browser } from 'playwright-core';
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

/** Waits for two signals, one after the other, then fails at its last step for a name that the input does not have. Answers a run of it. */
async function failingRun(): Promise<string> {
  const wait = (id: string, label: string, signal: string) => ({ id, type: 'wait', label, config: { signal, timeout: '1h' } });
  const made = await hub.client.createWorkflow({
    body: {
      name: `Fails while watched ${Date.now()}`,
      definition: {
        schemaVersion: 1,
        nodes: [
          wait('first', 'Wait for the first word', 'first'),
          { id: 'between', type: 'wait', label: 'Breathe', config: { for: '2s' } },
          wait('second', 'Wait for the second word', 'second'),
          {
            id: 'file',
            type: 'action',
            label: 'Write the file',
            config: { connector: 'file', action: 'write-file', params: { name: '{{ input.file_name }}', format: 'csv', content: '{{ [] }}' } },
          },
        ],
        edges: [
          { from: 'first', to: 'between' },
          { from: 'between', to: 'second' },
          { from: 'second', to: 'file' },
        ],
      },
    },
  });
  await hub.client.publishWorkflow({ params: { id: made.id }, body: { note: 'For the browser test' } });
  return (await hub.client.startRun({ params: { id: made.id }, body: { input: {} } })).id;
}

describe('a run that fails while somebody watches', () => {
  for (const [width, scheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`moves nothing of the page at ${width} px`, async () => {
      const id = await failingRun();
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: scheme });
      const { page, faults } = await watchedPage(context);
      await page.goto(await hub.signInLink(`/runs/${id}`));
      await page.locator('.react-flow__node[data-id="file"]').waitFor();
      const signal = page.getByRole('region', { name: 'Waits for a signal' });
      await signal.getByText('Wait for the first word').waitFor();
      await page.waitForLoadState('networkidle');
      const atFirst = await shiftOf(page);
      await page.evaluate(() => Object.assign(window, { sameDocument: true }));

      // What it waits for goes and comes again, then why it failed comes: all of it by the live channel, as another program sends the signals.
      await hub.client.signalRun({ params: { id, name: 'first' }, body: { messageId: `a-${id}` } });
      await signal.waitFor({ state: 'hidden' });
      await signal.getByText('Wait for the second word').waitFor();
      await hub.client.signalRun({ params: { id, name: 'second' }, body: { messageId: `b-${id}` } });
      const why = page.getByRole('region', { name: 'Why it failed' });
      await why.getByText('Step 4 of 4, Write the file: Name wants a text').waitFor();
      expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
      await page.getByRole('region', { name: 'The run' }).getByText('Failed', { exact: true }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(atFirst).toBeLessThanOrEqual(0.02);
      expect((await shiftOf(page)) - atFirst).toBeLessThanOrEqual(0.02);

      // In view without scrolling, with the way on.
      const box = await why.boundingBox();
      expect(box && box.y + box.height).toBeLessThanOrEqual(844);
      expect(await axeFaults(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      const sheet = page.getByRole('dialog', { name: 'Continue the run' });
      if (width === 390) {
        // The editor takes a wider screen: the one field is put right where one stands.
        await why.getByRole('button', { name: 'Fix the field' }).click();
        const fix = page.getByRole('dialog', { name: 'Fix Write the file' });
        await fix.getByLabel('Name').fill('report');
        await fix.getByRole('button', { name: 'Publish it' }).click();
        await sheet.getByText('Kept: 3 steps').waitFor();
        expect(await axeFaults(page, '[role="dialog"]')).toEqual([]);
        await sheet.getByRole('button', { name: /^Continue/ }).click();
        await page.waitForURL((url) => /^\/runs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(id));
        await page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();
        await page.getByRole('region', { name: 'What was kept' }).getByText('3 of 4 steps kept').waitFor();
      } else {
        await why.getByRole('button', { name: 'Continue', exact: true }).click();
        await sheet.waitFor();
      }
      expect(faults).toEqual([]);
      await context.close();
    });
  }
});
