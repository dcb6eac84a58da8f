/** The builder around a run, on the real hub: items of a loop, the data dock, pins, groups, notes, finding a step, the way from a failed run to its field. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

const hub = testHub();
const mark = Date.now().toString(36);
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];
let id = '';

const definition = {
  schemaVersion: 1,
  nodes: [
    { id: 'texts', type: 'transform', label: 'Three texts', config: { expression: '[{"t":"late"},{"t":"great"},{"t":"broken"}]' } },
    { id: 'each', type: 'loop', label: 'Each text', config: { mode: 'for_each', items: '{{ nodes.texts.output }}' } },
    { id: 'long', type: 'transform', label: 'How long', parent: 'each', config: { expression: '{ "text": item.t, "letters": $length(item.t) }' } },
    { id: 'report', type: 'output', label: 'Report', config: { name: 'report', value: '{{ nodes.each.output }}' } },
  ],
  edges: [
    { from: 'texts', to: 'each' },
    { from: 'each', to: 'report' },
  ],
};

const card = (step: string) => page.locator(`.react-flow__node[data-id="${step}"]`);
const dock = () => page.getByRole('region', { name: 'Data', exact: true });
const draft = async () =>
  (await hub.client.getWorkflow({ params: { id } })).definition as {
    nodes: { id: string }[];
    ui?: { groups?: { label: string; collapsed: boolean }[]; notes?: { text: string }[] };
  };
const saved = async (): Promise<void> => {
  await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
};

beforeAll(async () => {
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  ({ page, faults } = await watchedPage(context));
  id = (await hub.client.createWorkflow({ body: { name: `Data ${mark}`, definition } })).id;
  await page.goto(await hub.signInLink(`/workflows/${id}/edit`));
  await card('__start').waitFor();
});
afterAll(async () => browser?.close());

describe('the builder around a run', () => {
  it('draws the cards before any script runs, at the places where the canvas draws them', async () => {
    const still = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      javaScriptEnabled: false,
      storageState: await context.storageState(),
    });
    const picture = await still.newPage();
    await picture.goto(`${hub.url}/workflows/${id}/edit`);
    const label = picture.locator('[data-picture]').getByText('Three texts');
    const [before, after] = [await label.boundingBox(), await card('texts').getByText('Three texts').boundingBox()];
    expect(Math.abs((before?.x ?? 0) - (after?.x ?? 99))).toBeLessThan(3);
    expect(Math.abs((before?.y ?? 0) - (after?.y ?? 99))).toBeLessThan(3);
    await still.close();
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.02);
  });

  it('moves nothing in the picker while what connectors do comes late', async () => {
    const late = await watchedPage(context);
    const { promise: given, resolve: give } = Promise.withResolvers<void>();
    await late.page.route(/\/api\/v1\/connectors/, async (route) => {
      await given;
      await route.continue();
    });
    await late.page.goto(`${hub.url}/workflows/${id}/edit`);
    await late.page.locator('.react-flow__node[data-id="__start"]').waitFor();
    // By script: what moves right after a key was pressed is no shift to the browser.
    await late.page.getByRole('button', { name: 'Add a step (N)' }).evaluate((button: HTMLElement) => button.click());
    const picker = late.page.getByRole('region', { name: 'Add a step' });
    await picker.getByText('Reading what connectors can do').waitFor({ state: 'attached' });
    give();
    await picker.getByRole('option', { name: /^HTTP/ }).first().waitFor();
    expect(await shiftOf(late.page)).toBeLessThanOrEqual(0.02);
    expect(late.faults).toEqual([]);
    await late.page.close();
  });

  it('shows what each item of a loop was given and gave', async () => {
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'Run on the canvas' }).getByText('Completed', { exact: true }).waitFor();
    await card('long').click({ position: { x: 80, y: 14 } });
    await dock().getByRole('button', { name: /^Data/ }).click();
    const items = card('each').getByRole('group', { name: 'Items of the loop' });
    await items.getByText('3 items').waitFor();
    await items.getByRole('button', { name: 'Item before' }).click();
    await items.getByText('3 of 3').waitFor();
    await dock().getByText('"broken"').waitFor();
    await items.getByRole('button', { name: 'Next item' }).click();
    await dock().getByText('"late"').waitFor();
    await dock().getByRole('radio', { name: 'Schema' }).click();
    await dock().getByRole('cell', { name: 'letters' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
  });

  it('pins an output for tests and takes the pin away', async () => {
    await page.keyboard.press('Escape');
    await card('texts').click({ position: { x: 80, y: 14 } });
    await dock().getByRole('button', { name: 'Pin', exact: true }).click();
    await dock().getByRole('button', { name: 'Unpin' }).waitFor();
    // The button answers at once; the server a moment later.
    await expect.poll(() => hub.client.getPins({ params: { id } })).toMatchObject({ texts: [{ t: 'late' }, { t: 'great' }, { t: 'broken' }] });
    await dock().getByRole('button', { name: 'Unpin' }).click();
    await dock().getByRole('button', { name: 'Pin', exact: true }).waitFor();
    await dock().getByRole('button', { name: /^Data/ }).click();
  });

  it('groups steps, folds the group, and opens it again for who looks for one of them', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.getByRole('toolbar', { name: 'Chosen steps' }).waitFor();
    await page.keyboard.press('Escape');
    await card('texts').click({ position: { x: 80, y: 14 } });
    await card('each').click({ position: { x: 200, y: 14 }, modifiers: ['Shift'] });
    await page.keyboard.press('Control+g');
    await page.getByLabel('Name of the group').fill('Counting');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Fold the group' }).click();
    await card('texts').waitFor({ state: 'detached' });
    await card('long').waitFor({ state: 'detached' });
    await saved();
    await expect.poll(async () => (await draft()).ui?.groups).toMatchObject([{ label: 'Counting', collapsed: true }]);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Find a step' }).fill('how long');
    await page.keyboard.press('Enter');
    await card('long').waitFor();
    await expect.poll(() => page.getByLabel('Name of the step').inputValue()).toBe('How long');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await card('texts').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+z');
    await card('texts').waitFor();
  });

  it('keeps notes in Markdown', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+S');
    await page.getByLabel('Text of the note').fill('# Why\n- **three** texts\n- [docs](https://example.com)');
    await page.keyboard.press('Escape');
    await page.getByRole('listitem').getByText('three', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'docs' }).getAttribute('rel')).toContain('noopener');
    await saved();
    await expect.poll(async () => (await draft()).ui?.notes?.[0]?.text).toContain('# Why');
    expect(await axeFaults(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
  });

  it('leads to a field by its address, as a failed run links it', async () => {
    await page.goto(`${hub.url}/workflows/${id}/edit?node=report&field=%2Fvalue`);
    await page.getByLabel('Name of the step').waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === '/value');
    expect(faults).toEqual([]);
  });
});
