/** The builder as people use it: from signing up to a published workflow that ran and was read; by mouse, and again by keyboard alone. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { axeFaults, sideways, watchedPage } from './page-checks.ts';

const hub = testHub();
const mark = Date.now().toString(36);
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });
const ready = async (page: Page): Promise<void> => {
  await page.waitForURL(/\/edit/);
  await card(page, '__start').waitFor();
};
const saved = async (page: Page): Promise<void> => {
  await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
};

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto(`${hub.url}/sign-up`);
  await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase 7');
  await page.getByRole('button', { name: /^Create/ }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-up'));
  if (new URL(page.url()).pathname.startsWith('/sign-in')) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase 7');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  }
}

/** Starts the published version and reads what it gave; `keys`: without the mouse. */
async function startAndRead(page: Page, words: RegExp, keys = false): Promise<void> {
  const use = async (what: Locator): Promise<void> => {
    if (!keys) return what.click();
    await what.focus();
    await page.keyboard.press('Enter');
  };
  await page.getByText(/is live\.$/).waitFor();
  await use(page.getByRole('button', { name: 'Run it' }));
  await page.waitForURL(/\/start$/);
  await use(page.getByRole('button', { name: 'Start the run' }));
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  await page.getByRole('region', { name: 'The run' }).getByText('Completed', { exact: true }).waitFor();
  if (keys) await page.keyboard.press('4');
  else await page.getByRole('navigation', { name: 'Views of the run' }).getByRole('link', { name: 'Output' }).click();
  await page.waitForURL(/\/output$/);
  await page.getByText(words).first().waitFor();
}

describe('the builder, by mouse', () => {
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    ({ page, faults } = await watchedPage(context));
  });
  afterAll(async () => context?.close());

  it('makes, tests, publishes, runs and reads a workflow of three steps', async () => {
    await signUp(page, `mouse-${mark}@example.com`);
    await page.goto(`${hub.url}/workflows/new`);
    await page.locator('html[data-ready]').waitFor();
    await page.getByLabel('Name', { exact: true }).fill(`Mouse ${mark}`);
    await page.getByRole('button', { name: 'Create the workflow' }).click();
    await ready(page);

    await page.getByRole('button', { name: 'Add the first step' }).click();
    await page.getByRole('combobox', { name: 'Search steps' }).fill('reshape');
    await page.getByRole('option', { name: /^Reshape data/ }).click();
    await card(page, 'reshape_data').waitFor();
    await page.getByRole('button', { name: 'Add a step after port out' }).click();
    await page.getByRole('combobox', { name: 'Search steps' }).fill('ask a model');
    await page
      .getByRole('option', { name: /^Ask a model/ })
      .first()
      .click();
    await card(page, 'ask_a_model').waitFor();
    await card(page, 'ask_a_model').hover();
    await card(page, 'ask_a_model').getByRole('button', { name: 'Add a step after port out' }).click();
    await page.getByRole('combobox', { name: 'Search steps' }).fill('output');
    await page.getByRole('option', { name: /^Output/ }).click();
    await card(page, 'output').waitFor();
    await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(3);
    await saved(page);
    await page.getByRole('button', { name: /to mend/ }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const chip = page.getByRole('region', { name: 'Run on the canvas' });
    await chip.getByText('Completed', { exact: true }).waitFor();
    await expect.poll(() => card(page, 'output').getAttribute('aria-label')).toBe('Output, completed');
    await chip.getByRole('button', { name: 'Take the run off the canvas' }).click();

    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByLabel('What changed').fill('First');
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await startAndRead(page, /result/);
    expect(faults).toEqual([]);
  });

  it('undoes and redoes, also what a drag did', async () => {
    await page.goBack();
    await page.goto(`${hub.url}/workflows`);
    await page
      .getByRole('link', { name: new RegExp(`Mouse ${mark}`) })
      .first()
      .click();
    await page.waitForURL(/\/workflows\/[0-9a-f-]{36}$/);
    await page.goto(`${page.url()}/edit`);
    await ready(page);
    const box = async () => (await card(page, 'output').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const before = await box();
    await page.mouse.move(before.x + 60, before.y + 12);
    await page.mouse.down();
    await page.mouse.move(before.x + 60, before.y + 140, { steps: 8 });
    await page.mouse.up();
    await expect.poll(async () => (await box()).y).toBeGreaterThan(before.y + 80);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => Math.round((await box()).y)).toBe(Math.round(before.y));
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(async () => (await box()).y).toBeGreaterThan(before.y + 80);
    await page.keyboard.press('Control+z');
    await saved(page);
  });

  it('opens the picker where a line is let go, and connects what is chosen', async () => {
    const handle = card(page, 'reshape_data').locator('.react-flow__handle.source');
    const from = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 90, from.y + 170, { steps: 8 });
    await page.mouse.up();
    await page.getByRole('combobox', { name: 'Search steps' }).fill('merge');
    await page.keyboard.press('Enter');
    await card(page, 'merge').waitFor();
    await expect.poll(() => page.locator('.react-flow__edge[data-id="reshape_data out merge"]').count()).toBe(1);
    await page.keyboard.press('Delete');
    await card(page, 'merge').waitFor({ state: 'detached' });
    await saved(page);
  });

  it('keeps this one or takes the other when the draft was saved elsewhere too', async () => {
    const id = /workflows\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    const read = () =>
      page.evaluate(
        async (at) =>
          (await fetch(`/api/v1/workflows/${at}`)).json() as Promise<{ revision: number; definition: { nodes: { id: string; label?: string }[] } }>,
        id,
      );
    const theirs = async (label: string): Promise<void> => {
      const { revision, definition } = await read();
      const changed = { ...definition, nodes: definition.nodes.map((node) => (node.id === 'output' ? { ...node, label } : node)) };
      await page.evaluate(
        async ([at, rev, body]) => {
          const me = (await (await fetch('/api/v1/me')).json()) as { csrfToken: string };
          const answer = await fetch(`/api/v1/workflows/${String(at)}`, {
            method: 'PATCH',
            headers: { 'content-type': 'application/json', 'if-match': `"${String(rev)}"`, 'x-csrf-token': me.csrfToken },
            body: String(body),
          });
          if (!answer.ok) throw new Error(await answer.text());
        },
        [id, revision, JSON.stringify({ definition: changed })] as const,
      );
    };
    await theirs('Theirs');
    await card(page, 'ask_a_model').click({ position: { x: 80, y: 12 } });
    await page.keyboard.press('x');
    await page.getByRole('button', { name: /You saved too, elsewhere/ }).click();
    await page.getByRole('button', { name: 'Keep this one' }).click();
    await saved(page);
    expect((await read()).definition.nodes.find((node) => node.id === 'output')?.label).not.toBe('Theirs');

    await theirs('Theirs again');
    await page.keyboard.press('Escape');
    await card(page, 'ask_a_model').click({ position: { x: 80, y: 12 } });
    await page.keyboard.press('x');
    await page.getByRole('button', { name: /saved too/ }).click();
    await page.getByRole('button', { name: 'Take the other' }).click();
    await card(page, 'output').getByText('Theirs again').waitFor();
    expect(faults.filter((fault) => !/status of 412/.test(fault))).toEqual([]);
  });
});

describe('the builder, by keyboard alone', () => {
  it('makes, connects, names, copies, publishes and runs', async () => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'dark',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page, faults } = await watchedPage(context);
    const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    await page.goto(await hub.signInLink('/workflows/new'));
    await page.locator('html[data-ready]').waitFor();
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type(`Keys ${mark}`);
    await press('Enter');
    await ready(page);

    const add = async (words: string, id: string): Promise<void> => {
      await press('n');
      await page.getByRole('combobox', { name: 'Search steps' }).waitFor();
      await page.keyboard.type(words);
      await press('Enter');
      await card(page, id).waitFor();
    };
    await add('reshape', 'reshape_data');
    await add('run javascript', 'run_javascript');
    await add('output', 'output');
    await press('F2');
    await page.keyboard.type('Report');
    await press('Enter');
    await card(page, 'report').waitFor();
    await press('ArrowLeft', 'ArrowLeft');
    await expect.poll(() => inspector(page).getByLabel('Name of the step').inputValue()).toBe('Reshape data');
    await press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-tab-body]') !== null)).toBe(true);
    await press('Escape');
    await press('Control+c', 'Control+v');
    await card(page, 'reshape_data_2').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ hub: 'nodes', nodes: [{ id: 'reshape_data' }] });
    await press('Delete');
    await card(page, 'reshape_data_2').waitFor({ state: 'detached' });
    await saved(page);
    expect(await axeFaults(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);

    await page.getByRole('button', { name: 'Publish', exact: true }).focus();
    await press('Enter');
    await page.getByRole('button', { name: 'Publish version 1' }).and(page.locator(':not([aria-disabled])')).waitFor();
    await page.getByRole('button', { name: 'Publish version 1' }).focus();
    await press('Enter');
    await startAndRead(page, /result/, true);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('can only be looked at on a phone', async () => {
    const made = await hub.client.createWorkflow({
      body: { name: `Phone ${mark}`, definition: { schemaVersion: 1, nodes: [{ id: 'a', type: 'merge', config: { mode: 'append' } }] } },
    });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page } = await watchedPage(context);
    await page.goto(await hub.signInLink(`/workflows/${made.id}/edit`));
    await card(page, 'a').waitFor();
    expect(await page.getByRole('button', { name: /^Add a step/ }).count()).toBe(0);
    await card(page, 'a').click();
    await inspector(page).waitFor();
    expect(await sideways(page)).toBe(0);
    await context.close();
  });

  it('is where a template that was used on a phone is published, and run', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, faults } = await watchedPage(context);
    await page.goto(await hub.signInLink('/templates'));
    await page
      .getByRole('button', { name: /^Use: / })
      .first()
      .click();
    await ready(page);
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('button', { name: 'Publish version 1' }).and(page.locator(':not([aria-disabled])')).waitFor();
    await sheet.getByRole('button', { name: 'Publish version 1' }).click();
    await sheet.getByText('Version 1 is live.').waitFor();
    expect(await sideways(page)).toBe(0);
    await sheet.getByRole('button', { name: 'Close', exact: true }).last().click();
    await sheet.waitFor({ state: 'detached' });
    // From now on it is under "More", with the test.
    expect(await page.getByRole('button', { name: 'Publish', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Publish' }).waitFor();
    await page.getByRole('menuitem', { name: 'Test all steps' }).click();
    await page.waitForURL(/[?&]run=/);
    expect(faults).toEqual([]);
    await context.close();
  });
});
