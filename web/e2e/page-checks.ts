/** What every page must hold: no fault in the console, no CSP refusal, nothing sideways, no shift, axe clean. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';

export interface Watched {
  page: Page;
  faults: string[];
}

/** A page whose console, errors and layout shifts are written down, and which waits long enough for a busy machine. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { hubShift: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (!(entry as unknown as { hadRecentInput: boolean }).hadRecentInput) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { page, faults };
}

/** Sum of layout shifts without input, since the page was loaded. */
export async function shiftOf(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { hubShift: { shift: number } }).hubShift.shift);
}

/** Ids and targets of what axe finds; `inside` a selector only. */
export async function axeFaults(page: Page, inside?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (inside === undefined ? builder : builder.include(inside).disableRules(['region'])).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.split('\n')[1]?.trim() ?? ''})`),
  );
}

/** Pixels by which the page is wider than the window. */
export async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
