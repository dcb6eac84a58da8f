/** Pictures of the builder in its states, on made-up data: `node web/e2e/builder-look.ts [filter] [out folder] [dist] [one]` (one: 1280 only). Each state x {1280, 1920} x {light, dark}; some at 390. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startFake } from '../fake/main.ts';
import { uuid } from '../fake/store.ts';
import { openBrowser } from './browser.ts';

const edit = (n: number): string => `/workflows/${uuid(n)}/edit`;
const step = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const choose =
  (id: string, tab?: string) =>
  async (page: Page): Promise<void> => {
    await step(page, id).click({ position: { x: 80, y: 14 } });
    if (tab) await page.getByRole('tab', { name: tab }).click();
    await page.waitForTimeout(900);
  };

interface State {
  name: string;
  path: string;
  act?: (page: Page) => Promise<void>;
  cookie?: string;
  phone?: boolean;
}

const states: State[] = [
  { name: 'new', path: '/workflows/new', phone: true },
  { name: 'plain', path: edit(1), phone: true },
  { name: 'loop', path: edit(2), phone: true },
  { name: 'empty', path: edit(3) },
  { name: 'picker', path: edit(1), act: async (page) => page.keyboard.press('n') },
  {
    name: 'picker-search',
    path: edit(1),
    act: async (page) => {
      await page.keyboard.press('n');
      await page.keyboard.type('filter');
    },
  },
  { name: 'prompt', path: edit(1), act: choose('classify'), phone: true },
  { name: 'source', path: edit(1), act: choose('reviews') },
  { name: 'condition', path: edit(1), act: choose('unhappy') },
  { name: 'transform', path: edit(1), act: choose('by_topic') },
  { name: 'input', path: edit(1), act: choose('by_topic', 'Input') },
  { name: 'output', path: edit(1), act: choose('by_topic', 'Output') },
  { name: 'behaviour', path: edit(1), act: choose('classify', 'Behaviour') },
  { name: 'start', path: edit(1), act: choose('__start') },
  { name: 'run', path: `${edit(1)}?run=${uuid(0xa005)}` },
  { name: 'run-failed', path: `${edit(1)}?run=${uuid(0xa004)}` },
  { name: 'run-live', path: `${edit(1)}?run=${uuid(0xa001)}` },
  { name: 'mending', path: edit(2), act: async (page) => page.getByRole('button', { name: /to mend/ }).click() },
  {
    name: 'publish',
    path: edit(1),
    act: async (page) => {
      await page.keyboard.press('n');
      await page.keyboard.type('merge');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.waitForTimeout(900);
    },
  },
  { name: 'test-input', path: edit(1), act: async (page) => page.getByRole('button', { name: 'Test', exact: true }).click() },
  {
    name: 'settings',
    path: edit(1),
    act: async (page) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Settings of the workflow' }).click();
    },
  },
  { name: 'connector', path: edit(0x301), act: choose('read'), phone: true },
  {
    name: 'connector-list',
    path: edit(0x301),
    act: async (page) => {
      await choose('append')(page);
      await page.getByRole('combobox', { name: /^Spreadsheet/ }).click();
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'connector-search',
    path: edit(0x301),
    act: async (page) => {
      await choose('append')(page);
      await page.getByRole('combobox', { name: /^Spreadsheet/ }).click();
      await page.keyboard.type('reviews');
      await page.waitForTimeout(700);
    },
  },
  {
    name: 'connector-poll',
    path: edit(0x301),
    act: async (page) => {
      await choose('__start')(page);
      await page.getByRole('combobox', { name: /^Add a trigger/ }).click();
      await page.getByRole('option', { name: /^Poll/ }).click();
      await page.waitForTimeout(900);
    },
  },
  { name: 'connector-row', path: edit(0x301), act: choose('insert') },
  {
    name: 'connector-away',
    path: edit(0x301),
    act: async (page) => {
      await choose('tell')(page);
      await page.getByRole('combobox', { name: /^Channel/ }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'connector-nobody',
    path: edit(0x301),
    act: async (page) => {
      await choose('nobody')(page);
      await page.getByRole('combobox', { name: /^Spreadsheet/ }).click();
    },
  },
  { name: 'many', path: `/workflows/${uuid(0x300)}/edit` },
  { name: 'viewer', path: edit(1), cookie: 'viewer' },
];

async function shoot(page: Page, state: State, base: string, file: string, faults: string[]): Promise<void> {
  await page.context().clearCookies();
  await page.context().addCookies([{ name: 'fake', value: state.cookie ?? 'owner', url: base }]);
  await page.goto(base + state.path, { waitUntil: 'load' });
  await page.evaluate(() => localStorage.clear());
  if (state.path.includes('/edit'))
    await page
      .locator('.react-flow__node')
      .first()
      .waitFor({ timeout: 8000 })
      .catch(() => faults.push(`${state.name}: no canvas`));
  await page.waitForTimeout(700);
  await state.act?.(page).catch((error: unknown) => faults.push(`${state.name}: ${String(error).slice(0, 300)}`));
  await page.waitForTimeout(500);
  await page.screenshot({ path: file });
}

if (import.meta.main) {
  const filter = process.argv[2] ?? '';
  const out = resolve(process.argv[3] ?? join(import.meta.dirname, '..', '..', '.data', 'look', 'builder'));
  mkdirSync(out, { recursive: true });
  const fake = await startFake(0, process.argv[4]);
  const browser = await openBrowser();
  const faults: string[] = [];
  const sizes =
    process.argv[5] === 'one'
      ? [{ width: 1280, height: 800 }]
      : [
          { width: 1280, height: 800 },
          { width: 1920, height: 1080 },
          { width: 390, height: 844 },
        ];
  for (const size of sizes)
    for (const theme of ['light', 'dark'] as const) {
      const wanted = states.filter(({ name, phone }) => new RegExp(filter).test(name) && (size.width > 500 || phone === true));
      const context = await browser.newContext({ viewport: size, colorScheme: theme });
      for (const state of wanted) {
        const page = await context.newPage();
        page.on('console', (message) => {
          if (['error', 'warning'].includes(message.type()) && !/status of (404|403|501)/.test(message.text()))
            faults.push(`${state.name} ${size.width}: ${message.text().slice(0, 400)}`);
        });
        page.on('pageerror', (error) => faults.push(`${state.name} ${size.width}: ${error.stack?.slice(0, 600) ?? error.message}`));
        await shoot(page, state, fake.url, join(out, `${state.name}-${size.width}-${theme}.png`), faults);
        await page.close();
      }
      await context.close();
    }
  await browser.close();
  await fake.close();
  console.log(faults.length > 0 ? [...new Set(faults)].join('\n') : 'no faults');
  console.log(`pictures in ${out}`);
}
