/** The moment this hub is for, by mouse: a run failed at its last step; one click to the wrong field, mend it, publish, go on, and see what was not paid twice. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

const hub = testHub();
const pictures = join(import.meta.dirname, '..', '..', '.data', 'mend');
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await openBrowser();
  ({ page, faults } = await watchedPage(await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })));
});
afterAll(async () => {
  await browser?.close();
});

/** A picture of the moment, and what every page must hold. */
async function moment(name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  expect(await sideways(page)).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
}

/** The seeded queue of support mails, failed at its last step for one wrong field; a fresh one where an earlier test mended it. */
async function failedRun(): Promise<{ id: string; workflowId: string; version: number; costUsd: number }> {
  const { items } = await hub.client.listRuns({ query: { status: 'failed', q: 'Sort support e-mail', limit: 20 } });
  for (const { workflowId, id, version, totals } of items) {
    const workflow = await hub.client.getWorkflow({ params: { id: workflowId } });
    if (version !== null && workflow.publishedVersion === version) return { id, workflowId, version, costUsd: totals.costUsd };
  }
  throw new Error('The seed shows no failed run of its newest version.');
}

describe('a failed run, mended and gone on with', () => {
  it('leads to the wrong field in one click, goes on from where it stopped, and tells what was not paid twice', async () => {
    const failed = await failedRun();
    await page.goto(await hub.signInLink(`/runs/${failed.id}`));
    await page.locator('html[data-ready]').waitFor();
    const banner = page.getByRole('region', { name: 'Why it failed' });
    await banner.getByText('Name wants a text, but').waitFor();
    expect(await banner.locator('code').textContent()).toBe('{{ input.file_name }}');
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.02);
    await moment('1-failed');

    await banner.getByRole('link', { name: 'Fix the field' }).click();
    await page.waitForURL(/\/edit\?.*field=%2Fparams%2Fname/);
    const field = page.locator('[data-field="/params/name"]');
    await field.waitFor();
    await page.waitForFunction(() => document.querySelector('[data-field="/params/name"]')?.contains(document.activeElement));
    await moment('2-field');

    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('support-queue.csv');
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
    await moment('3-mended');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: `Publish version ${failed.version + 1}` }).click();
    const onward = page.getByRole('link', { name: 'Continue the run' }).or(page.getByRole('button', { name: 'Continue the run' }));
    await onward.first().waitFor();
    await moment('4-published');

    await onward.first().click();
    const sheet = page.getByRole('dialog', { name: 'Continue the run' });
    await sheet.getByText('Not paid again', { exact: true }).waitFor();
    await moment('5-continue');
    const button = sheet.getByRole('button', { name: /^Continue and keep \$/ });
    const promised = (await button.textContent())?.match(/\$[\d.]+/)?.[0] ?? '';
    await button.click();

    await page.waitForURL((url) => /^\/runs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(failed.id));
    const head = page.getByRole('region', { name: 'The run' });
    await head.getByText('Completed', { exact: true }).waitFor();
    const kept = page.getByRole('region', { name: 'What was kept' });
    await kept.getByText(/not paid again/).waitFor();
    expect(await kept.textContent()).toContain(promised);
    expect(await page.getByRole('table', { name: 'Steps of the run' }).getByText('Kept from an earlier run').count()).toBeGreaterThan(3);
    await moment('6-kept');

    const run = await hub.client.getRun({ params: { id: new URL(page.url()).pathname.slice('/runs/'.length) } });
    expect(run).toMatchObject({ status: 'completed', retryOf: failed.id, version: failed.version + 1 });
    expect(run.kept?.costUsd).toBeCloseTo(failed.costUsd, 8);
    expect(run.totals.costUsd).toBe(0);

    await page.getByRole('navigation', { name: 'Views of the run' }).getByRole('link', { name: 'Timeline' }).click();
    await page.waitForURL(/\/timeline$/);
    await page.locator('svg text').getByText('kept', { exact: true }).waitFor();
    await moment('7-timeline');
    await page.goto(`${hub.url}/runs/${failed.id}`);
    await page.getByRole('button', { name: `Continue on version ${failed.version + 1}` }).waitFor();
    await moment('8-newer');
    await page.goto(`${hub.url}/runs/compare?a=${failed.id}&b=${run.id}`);
    const paidOnce = page
      .getByRole('table', { name: 'Steps of both runs' })
      .getByRole('row')
      .filter({ hasText: 'Kept from an earlier run' })
      .filter({ hasText: '$' });
    await paidOnce.first().waitFor();
    for (const row of await paidOnce.allTextContents()) expect(row).toMatch(/\$0\.\d+ → \$0$/);
    await moment('9-compared');
    expect(faults).toEqual([]);
  });
});
