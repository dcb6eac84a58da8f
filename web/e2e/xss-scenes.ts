/** What S8 opens by hand on a page beside what is folded away: pickers, row forms, sheets and dialogs of the builder, deliveries, connections; everything that shows a vendor's or a person's text only when asked. */
import type { Page } from 'playwright-core';
import { connectedId } from '../fake/builder-answers.ts';
import { uuid } from '../fake/store.ts';

export type Scene = [name: string, path: string, act: (page: Page) => Promise<void>];

const rest = (page: Page): Promise<void> => page.waitForTimeout(150);

/** Presses all that match, one after another; what went meanwhile is left out. */
async function pressEach(page: Page, selector: string, most: number, close = true): Promise<number> {
  const count = Math.min(most, await page.locator(selector).count());
  let pressed = 0;
  for (let at = 0; at < count; at++) {
    const target = page.locator(selector).nth(at);
    if (!(await target.isVisible().catch(() => false))) continue;
    const done = await target.click({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (!done) continue;
    pressed += 1;
    await rest(page);
    if (close) await page.keyboard.press('Escape');
  }
  return pressed;
}

/** Something must have been opened: a scene that found nothing proves nothing. */
function must(found: number, what: string): void {
  if (found === 0) throw new Error(`The scene found no ${what}.`);
}

const edit = (id: string): string => `/workflows/${id}/edit`;

/** Each step: its card, every tab of its inspector, every list of a vendor, every way to give rows. */
async function pickers(page: Page): Promise<void> {
  await page.locator('.react-flow__node').first().waitFor();
  const cards = page.locator('.react-flow__node-step');
  const count = await cards.count();
  must(count, 'step');
  let lists = 0;
  for (let at = 0; at < count; at++) {
    await cards.nth(at).dispatchEvent('click');
    // Selection follows the pointer: the card itself takes the press.
    await cards
      .nth(at)
      .click({ position: { x: 60, y: 20 }, timeout: 5000, force: true })
      .catch(() => undefined);
    await page.locator('[data-inspector]').waitFor();
    await rest(page);
    lists += await pressEach(page, '[data-inspector] [role="combobox"]', 8);
    await pressEach(page, '[data-inspector] [role="radio"], [data-inspector] [aria-pressed]', 12, false);
    await pressEach(page, '[data-inspector] [role="tab"]', 4, false);
    await pressEach(page, '[data-inspector] button[aria-label^="Insert a value"]', 3);
  }
  must(lists, 'list of a vendor');
}

async function sheets(page: Page): Promise<void> {
  await page.locator('.react-flow__pane').waitFor();
  await page.getByRole('button', { name: 'More ways to test' }).click();
  await page.getByRole('menuitem', { name: 'Choose the input' }).click();
  await page.getByRole('dialog').first().waitFor();
  await page.getByRole('button', { name: 'Dry run', exact: true }).click();
  await page.getByRole('dialog').locator('li').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.builder-canvas').focus();
  await page.keyboard.press('/');
  await page.getByRole('listbox', { name: 'Steps' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.builder-canvas').focus();
  await page.keyboard.press('n');
  await page.getByRole('listbox', { name: 'Steps' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await rest(page);
  await pressEach(page, '[role="dialog"] summary, [role="dialog"] [aria-expanded="false"]', 10, false);
  await page.keyboard.press('Escape');
  await pressEach(page, 'button:has-text("to mend")', 1, false);
}

/** Two people on one draft: the sheet that shows what the other one saved. */
async function conflict(page: Page): Promise<void> {
  await page.locator('.react-flow__node-step').first().waitFor();
  await page.evaluate(async (id) => {
    const theirs = (await (await fetch(`/api/v1/workflows/${id}`)).json()) as { definition: unknown };
    await fetch(`/api/v1/workflows/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ definition: { ...(theirs.definition as object), settings: { other: Date.now() } } }),
    });
  }, uuid(2));
  await page.locator('.builder-canvas').focus();
  // Start, then the first step.
  for (const key of ['ArrowRight', 'ArrowRight', 'x']) await page.keyboard.press(key);
  const told = page.getByRole('button', { name: /saved too|Compare|Look at both/ }).first();
  await told.waitFor();
  await told.click();
  await page.getByRole('dialog').waitFor();
  await rest(page);
}

async function dock(page: Page): Promise<void> {
  await page
    .locator('.react-flow__node-step')
    .first()
    .click({ position: { x: 60, y: 20 } });
  await page.locator('.builder-canvas').focus();
  await page.keyboard.press('o');
  await rest(page);
  must(await pressEach(page, '[data-inspector] [role="tab"]', 4, false), 'tab');
  await pressEach(page, 'button:has-text("JSON"), button:has-text("Schema"), button:has-text("Table")', 6, false);
}

export const scenes: readonly Scene[] = [
  ['scene-pickers', edit(connectedId), pickers],
  ['scene-sheets', edit(uuid(1)), sheets],
  ['scene-sheets-loop', edit(uuid(2)), sheets],
  ['scene-conflict', edit(uuid(2)), conflict],
  ['scene-run-on-canvas', `${edit(uuid(1))}?run=${uuid(0xa005)}`, dock],
  [
    'scene-palette',
    '/workflows',
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type('e');
      await page.getByRole('option').first().waitFor();
    },
  ],
  [
    'scene-continue',
    `/runs/${uuid(0xa008)}?continue=`,
    async (page) => {
      await page.getByRole('dialog').waitFor();
      await pressEach(page, '[role="dialog"] summary, [role="dialog"] [role="combobox"]', 6);
    },
  ],
  [
    'scene-compare',
    `/runs/compare?a=${uuid(0xa004)}&b=${uuid(0xa005)}`,
    async (page) => void (await pressEach(page, 'main [aria-expanded="false"], main summary', 10, false)),
  ],
  ['scene-undone', `/runs/${uuid(0xa004)}`, (page) => page.getByRole('region', { name: 'What was undone' }).waitFor()],
  [
    'scene-undone-events',
    `/runs/${uuid(0xa004)}/events`,
    async (page) => void (await pressEach(page, 'main [aria-expanded="false"], main summary', 10, false)),
  ],
  [
    'scene-note',
    `/runs/${uuid(0xa005)}`,
    async (page) => void (await pressEach(page, 'button:has-text("note"), button[aria-label*="note" i]', 2, false)),
  ],
  [
    'scene-delivery',
    `/workflows/${uuid(1)}/triggers/hook?delivery=${uuid(0xd01)}`,
    async (page) => void (await pressEach(page, 'main [aria-expanded="false"], main summary, [role="dialog"] summary, [role="tab"]', 12, false)),
  ],
  [
    'scene-connection',
    `/connections/${uuid(64)}`,
    async (page) => {
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByRole('status').first().waitFor();
      await pressEach(page, 'main button[aria-haspopup], main summary', 6);
    },
  ],
  ['scene-connect', '/connections', async (page) => must(await pressEach(page, 'main button:has-text("Connect")', 4), 'kind of connection')],
  ['scene-form-failed', '/forms/frm_3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE', (page) => rest(page)],
];
