/** Screenshots of all pages x {1280, 390} x {light, dark}: `node web/e2e/look.ts [filter] [out folder]`. On made-up data, or on a running hub with HUB_E2E_URL. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { startFake } from '../fake/main.ts';
import { uuid } from '../fake/store.ts';
import { openBrowser } from './browser.ts';

const run = (n: number): string => `/runs/${uuid(0xa000 + n)}`;

export const pages: [name: string, path: string, cookie?: string][] = [
  ['home', '/'],
  ['home-empty', '/', 'empty'],
  ['inbox', '/inbox'],
  ['workflows', '/workflows'],
  ['workflows-empty', '/workflows', 'empty'],
  ['workflow', `/workflows/${uuid(1)}`],
  ['workflow-loop', `/workflows/${uuid(2)}`],
  ['workflow-versions', `/workflows/${uuid(1)}/versions`],
  ['workflow-runs', `/workflows/${uuid(1)}/runs`],
  ['workflow-start', `/workflows/${uuid(1)}/start`],
  ['workflow-version', `/workflows/${uuid(1)}/versions/3`],
  ['templates', '/templates'],
  ['template', '/templates/lead-research'],
  ['approvals', '/approvals'],
  ['approvals-open', '/approvals?show=open'],
  ['approvals-empty', '/approvals', 'empty'],
  ['approval-link', `/approvals/${uuid(601)}?token=x`, 'none'],
  ['run-events-filtered', `${run(4)}/events?kind=trouble`],
  ['appearance', '/settings/appearance'],
  ['sessions', '/settings/sessions'],
  ['limits', '/settings/limits'],
  ['runs', '/runs'],
  ['runs-none', '/runs?status=timed_out'],
  ['run-live', run(1)],
  ['run-waiting', run(2)],
  ['run-queued', run(3)],
  ['run-failed', run(4)],
  ['run-done', run(5)],
  ['run-step', `${run(5)}?step=classify`],
  ['run-item', `${run(5)}?step=classify&path=classify%5B17%5D`],
  ['run-failed-step', `${run(4)}?step=classify&path=classify%5B137%5D`],
  ['run-timeline', `${run(5)}/timeline`],
  ['run-timeline-loop', `${run(2)}/timeline`],
  ['run-events', `${run(5)}/events`],
  ['run-output', `${run(5)}/output`],
  ['files', '/files'],
  ['settings', '/settings'],
  ['members', '/settings/members'],
  ['api-keys', '/settings/api-keys'],
  ['credentials', '/settings/credentials'],
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

async function shoot(browser: Browser, base: string, out: string, filter: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of [1280, 390])
    for (const theme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 800 }, colorScheme: theme, deviceScaleFactor: 1 });
      for (const [name, path, kind = 'owner'] of pages.filter(([each]) => each.includes(filter))) {
        await context.clearCookies();
        if (kind !== 'none') await context.addCookies([{ name: 'fake', value: kind, url: base }]);
        const page = await context.newPage();
        page.on('console', (message) => {
          if (['error', 'warning'].includes(message.type()) && !/status of (404|403|503)/.test(message.text()))
            faults.push(`${name} ${width} ${theme}: ${message.text()}`);
        });
        page.on('pageerror', (error) => faults.push(`${name} ${width} ${theme}: ${error.message}`));
        await page.goto(base + path, { waitUntil: 'load' });
        await page.locator('html[data-ready], main').first().waitFor();
        if (/^(run-(live|waiting|failed|done|step)|workflow(-loop)?$)/.test(name))
          await page
            .locator('.react-flow__node')
            .first()
            .waitFor({ timeout: 5000 })
            .catch(() => faults.push(`${name} ${width} ${theme}: no canvas`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) faults.push(`${name} ${width}: ${wide} px wider than the screen`);
        await page.waitForTimeout(250);
        await page.screenshot({ path: join(out, `${name}-${width}-${theme}.png`) });
        await page.close();
      }
      await context.close();
    }
  return faults;
}

if (import.meta.main) {
  const filter = process.argv[2] ?? '';
  const out = resolve(process.argv[3] ?? join(import.meta.dirname, '..', '..', '.data', 'look'));
  mkdirSync(out, { recursive: true });
  const fake = await startFake(0);
  const browser = await openBrowser();
  const faults = await shoot(browser, process.env['HUB_E2E_URL'] ?? fake.url, out, filter);
  await browser.close();
  await fake.close();
  console.log(faults.length > 0 ? [...new Set(faults)].join('\n') : 'no faults');
  console.log(`pictures in ${out}`);
}
