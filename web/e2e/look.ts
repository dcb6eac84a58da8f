/**
 * Screenshots of all pages and their states x {1280, 390, 1920} x {light, dark}, and one contact sheet of them: `npm run look -- [filter] [out folder] [view]`; view: a part of `1280 dark`.
 * On made-up data, or on a running hub with HUB_E2E_URL.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startFake } from '../fake/main.ts';
import { uuid } from '../fake/store.ts';
import { openBrowser } from './browser.ts';
import { writeSheet } from './contact-sheet.ts';
import { hubUrl } from './env.ts';

const run = (n: number): string => `/runs/${uuid(0xa000 + n)}`;

export const pages: [name: string, path: string, cookie?: string][] = [
  ['home', '/'],
  ['palette', '/workflows'],
  ['help', '/workflows'],
  ['home-empty', '/', 'empty'],
  ['inbox', '/inbox'],
  ['workflows', '/workflows'],
  ['workflows-empty', '/workflows', 'empty'],
  ['workflow', `/workflows/${uuid(1)}`],
  ['workflow-loop', `/workflows/${uuid(2)}`],
  ['workflow-versions', `/workflows/${uuid(1)}/versions`],
  ['workflow-runs', `/workflows/${uuid(1)}/runs`],
  ['workflow-triggers', `/workflows/${uuid(1)}/triggers`],
  ['workflow-triggers-empty', `/workflows/${uuid(2)}/triggers`],
  ['workflow-trigger-schedule', `/workflows/${uuid(1)}/triggers/daily`],
  ['workflow-trigger-webhook', `/workflows/${uuid(1)}/triggers/hook`],
  ['workflow-trigger-delivery', `/workflows/${uuid(1)}/triggers/hook?delivery=${uuid(0xd01)}`],
  ['workflow-trigger-form', `/workflows/${uuid(1)}/triggers/ask`],
  ['workflow-start', `/workflows/${uuid(1)}/start`],
  ['workflow-edit', `/workflows/${uuid(1)}/edit`],
  ['workflow-edit-loop', `/workflows/${uuid(2)}/edit`],
  ['workflow-edit-run', `/workflows/${uuid(1)}/edit?run=${uuid(0xa005)}`],
  ['workflow-new', '/workflows/new'],
  ['workflow-version', `/workflows/${uuid(1)}/versions/3`],
  ['templates', '/templates'],
  ['template', '/templates/lead-research'],
  ['approvals', '/approvals'],
  ['approvals-open', '/approvals?show=open'],
  ['approvals-empty', '/approvals', 'empty'],
  ['approval-link', `/approvals/${uuid(601)}?token=x`, 'none'],
  ['form', '/forms/frm_3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE', 'none'],
  ['form-done', '/forms/frm_3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE?submission=frs_0199c0de7a117000800000000000aadone.c2lnbmF0dXJl', 'none'],
  ['form-working', '/forms/frm_3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE?submission=frs_0199c0de7a117000800000000000aa.c2lnbmF0dXJl', 'none'],
  ['run-events-filtered', `${run(4)}/events?kind=trouble`],
  ['appearance', '/settings/appearance'],
  ['sessions', '/settings/sessions'],
  ['limits', '/settings/limits'],
  ['retention', '/settings/retention'],
  ['runs', '/runs'],
  ['runs-none', '/runs?status=timed_out'],
  ['run-live', run(1)],
  ['run-waiting', run(2)],
  ['run-unknown', run(90)],
  ['run-child', run(91)],
  ['run-queued', run(3)],
  ['run-undone', run(92)],
  ['run-undo-failed', run(93)],
  ['run-budget', run(94)],
  ['run-paused', run(95)],
  ['run-long-name', run(96)],
  ['run-failed', run(4)],
  ['run-done', run(5)],
  ['run-kept', run(7)],
  ['run-kept-timeline', `${run(7)}/timeline`],
  ['run-wrong-field', run(8)],
  ['run-continue', `${run(8)}?continue=`],
  ['run-newer', run(9)],
  ['run-step', `${run(5)}?step=classify`],
  ['run-edit-output', `${run(5)}?step=by_topic&edit=`],
  ['run-by-hand', `${run(7)}?step=by_topic`],
  ['run-item', `${run(5)}?step=classify&path=classify%5B17%5D`],
  ['run-failed-step', `${run(4)}?step=classify&path=classify%5B137%5D`],
  ['run-compare', `/runs/compare?a=${uuid(0xa004)}&b=${uuid(0xa005)}&step=classify`],
  ['run-moment', `${run(4)}?at=60`],
  ['run-moment-step', `${run(5)}?at=40&step=classify&scope=classify%5B3%5D`],
  ['run-timeline', `${run(5)}/timeline`],
  ['run-timeline-loop', `${run(2)}/timeline`],
  ['run-events', `${run(5)}/events`],
  ['run-output', `${run(5)}/output`],
  ['files', '/files'],
  ['connections', '/connections'],
  ['connections-empty', '/connections', 'empty'],
  ['connections-denied', '/connections?problem=denied'],
  ['connections-new', '/connections'],
  ['connection', `/connections/${uuid(62)}`],
  ['connection-pending', `/connections/${uuid(63)}`],
  ['connection-tested', `/connections/${uuid(64)}`],
  ['settings', '/settings'],
  ['members', '/settings/members'],
  ['api-keys', '/settings/api-keys'],
  ['variables', '/settings/variables'],
  ['audit', '/settings/audit'],
  ['audit-denied', '/settings/audit', 'viewer'],
  ['mail', '/dev/mail'],
  ['gallery', '/dev/ui'],
  ['not-found', '/nowhere'],
  ['run-not-found', '/runs/none'],
  ['broken', '/runs', 'broken'],
  ['sign-in', '/sign-in', 'none'],
  ['sign-up', '/sign-up', 'none'],
  ['reset', '/reset', 'none'],
  ['reset-token', '/reset?token=012345678901234567890123', 'none'],
];

/** What is done on a page before its picture is taken. */
const acts: Record<string, (page: Page) => Promise<void>> = {
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(600);
  },
  help: async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(400);
  },
  'connections-new': async (page) => {
    await page.getByRole('button', { name: 'Connect Google with OAuth' }).click();
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(400);
  },
  'connection-tested': async (page) => {
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('status', { name: 'Result of the test' }).waitFor();
  },
};

/** Lists in the states that made-up data can bring about; those above have theirs already. */
const stated = [
  'inbox',
  'approvals',
  'files',
  'members',
  'api-keys',
  'connections',
  'variables',
  'audit',
  'templates',
  'workflows',
  'runs',
  'home',
  'workflow',
  'run-done',
  'workflow-versions',
  'workflow-runs',
];
const states = ['empty', 'broken', 'viewer', 'many'] as const;

/** All that is looked at: name, path, who looks. `slow`: caught while it loads. */
export function views(): [name: string, path: string, kind: string][] {
  const plain = pages.map(([name, path, kind = 'owner']): [string, string, string] => [name, path, kind]);
  const more = plain
    .filter(([name]) => stated.includes(name))
    .flatMap(([name, path]) => states.map((state): [string, string, string] => [`${name}~${state}`, path, state]))
    .filter(([name]) => !plain.some(([known]) => known === name.replace('~', '-')));
  return [...plain, ...more, ['runs~slow', '/runs', 'slow']];
}

const widths = [1280, 390, 1920];
const themes = ['light', 'dark'] as const;
const slowMs = 2500;

/** Opens one view and waits until it is drawn. */
async function open(page: Page, base: string, path: string, kind: string): Promise<void> {
  if (kind === 'slow') {
    await page.goto(`${base}/settings`, { waitUntil: 'load' });
    await page.locator('html[data-ready]').waitFor();
    await page.context().addCookies([{ name: 'fake-slow', value: String(slowMs), url: base }]);
    // A visit within the page, as people make it: the frame stays, the outline of the rest comes.
    await page.locator(`nav a[href="${path}"]:visible`).first().click({ noWaitAfter: true });
    await page.locator('#page .skeleton:visible').first().waitFor();
    await page.context().clearCookies({ name: 'fake-slow' });
    return;
  }
  await page.goto(base + path, { waitUntil: 'load' });
  await page.locator('html[data-ready], main').first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  // Parts that come late: canvas, code, tables, sheets.
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
  await page.waitForTimeout(350);
}

const hasCanvas = /^(run-(live|waiting|failed|done|step)|workflow(-loop|-edit.*)?)$/;

const heights: Record<number, number> = { 390: 844, 1920: 1080 };

/** Views drawn at the same time: most of a view's time is waiting. */
const atOnce = 3;

type View = ReturnType<typeof views>[number];

/** Opens one view in a context of its own, does what is to be done there, and takes its picture. Answers what was wrong. */
async function picture(
  browser: Browser,
  base: string,
  file: string,
  [name, path, kind]: View,
  width: number,
  theme: (typeof themes)[number],
): Promise<string[]> {
  const faults: string[] = [];
  const say = (what: string): void => void faults.push(`${name} ${width} ${theme}: ${what}`);
  const context = await browser.newContext({ viewport: { width, height: heights[width] ?? 800 }, colorScheme: theme, deviceScaleFactor: 1 });
  if (kind !== 'none') await context.addCookies([{ name: 'fake', value: kind === 'slow' ? 'owner' : kind, url: base }]);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/status of (404|403|503)/.test(message.text())) say(message.text());
  });
  page.on('pageerror', (error) => say(error.message));
  await open(page, base, path, kind).catch((error: unknown) => say(String(error).slice(0, 200)));
  if (hasCanvas.test(name))
    await page
      .locator('.react-flow__node')
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => say('no canvas'));
  await acts[name]?.(page).catch((error: unknown) => say(String(error).slice(0, 200)));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) say(`${wide} px wider than the screen`);
  await page.screenshot({ path: file });
  // What is below the fold, in a picture of its own, where there is something.
  if (await page.evaluate(() => document.documentElement.scrollHeight > window.innerHeight + 4))
    await page.screenshot({ path: file.replace(/\.png$/, '-whole.png'), fullPage: true });
  await context.close();
  return faults;
}

async function shoot(browser: Browser, base: string, out: string, filter: string, view: string): Promise<string[]> {
  const faults: string[] = [];
  const wanted = widths
    .flatMap((width) => themes.map((theme) => ({ width, theme })))
    .filter(({ width, theme }) => `${width} ${theme}`.includes(view))
    .flatMap((look) =>
      views()
        .filter(([name]) => new RegExp(filter).test(name))
        .map((each) => ({ ...look, each })),
    );
  const worker = async (): Promise<void> => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const { width, theme, each } = next;
      const file = join(out, `${each[0]}-${width}-${theme}.png`);
      faults.push(
        ...(await picture(browser, base, file, each, width, theme).catch((error: unknown) => [
          `${each[0]} ${width} ${theme}: ${String(error).slice(0, 200)}`,
        ])),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return faults;
}

if (import.meta.main) {
  const filter = process.argv[2] ?? '';
  const out = resolve(process.argv[3] ?? join(import.meta.dirname, '..', '..', '.data', 'look'));
  mkdirSync(out, { recursive: true });
  const fake = await startFake(0);
  const browser = await openBrowser();
  const view = process.argv[4] ?? '';
  const faults = await shoot(browser, hubUrl() ?? fake.url, out, filter, view);
  const names = views()
    .map(([name]) => name)
    .filter((name) => new RegExp(filter).test(name));
  const sheet = await writeSheet(browser, out, names, widths, themes);
  await browser.close();
  await fake.close();
  console.log(faults.length > 0 ? [...new Set(faults)].join('\n') : 'no faults');
  console.log(`${names.length} views, pictures in ${out}; contact sheet: ${sheet.html} and ${sheet.png}`);
}
