/** S8: hostile text in every place that shows text of people, vendors or models, in a real browser: nothing runs, nothing is refused by the CSP, nothing is loaded from elsewhere. */
import type { Browser, Page } from 'playwright-core';
import { startFake } from '../fake/main.ts';
import { openBrowser } from './browser.ts';
import { pages } from './look.ts';
import { poisonedApi } from './poison.ts';
import { type Scene, scenes } from './xss-scenes.ts';
import { addresses, texts } from './xss-strings.ts';

export interface XssFigures {
  strings: number;
  pages: number;
  /** Places that were given a hostile text, over all rounds. */
  places: number;
  executed: string[];
  violations: string[];
  remote: string[];
  /** Pages that broke under the text: their own fault boundary, or an error in the console. */
  broken: string[];
}

const perRound = 35;

/** Rounds: texts together in each place (they do not disturb one another as text), addresses one by one, as they act only as a whole. */
function rounds(): (() => string)[] {
  const together = Array.from({ length: Math.ceil(texts.length / perRound) }, (_, index) =>
    texts.slice(index * perRound, (index + 1) * perRound).join(' '),
  );
  const alone = [0, 5, 10].map((start) => {
    let at = start;
    return () => addresses[at++ % addresses.length] ?? '';
  });
  return [...together.map((text) => () => text), ...alone];
}

interface Seen {
  executed: string[];
  violations: string[];
  remote: string[];
  broken: string[];
}

async function watched(browser: Browser, base: string, seen: Seen): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => {
    const told = { executed: 0, violations: [] as string[] };
    Object.assign(window, { hubSeen: told, hubXss: () => (told.executed += 1), alert: () => (told.executed += 1) });
    document.addEventListener('securitypolicyviolation', (event) =>
      told.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const host = new URL(base).host;
  await page.route('**', async (route) => {
    const url = new URL(route.request().url());
    if (url.host === host || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue();
    seen.remote.push(`${page.url()}: ${url.href}`);
    return route.abort();
  });
  page.on('dialog', async (dialog) => {
    seen.executed.push(`${page.url()}: dialog`);
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.broken.push(`${page.url()}: ${error.message}`));
  return page;
}

/** Opens what a page folds away: views of values, steps of a graph, tabs, details. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const wait = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
    const press = async (found: Iterable<Element>): Promise<void> => {
      for (const each of found) {
        each.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        await wait();
      }
    };
    for (const each of document.querySelectorAll('details')) each.open = true;
    const views = [...document.querySelectorAll('button')].filter((each) => ['Tree', 'Text'].includes(each.textContent ?? ''));
    await press(views.slice(0, 6));
    for (const node of [...document.querySelectorAll('.react-flow__node')].slice(0, 3)) {
      await press([node]);
      await press([...document.querySelectorAll('[role="tab"]')].slice(0, 4));
    }
  });
}

async function look(page: Page, url: string, seen: Seen, act?: Scene[2]): Promise<void> {
  await page.goto(url, { waitUntil: 'load' });
  await page.locator('html[data-ready], main').first().waitFor();
  if (act) await act(page);
  else await openAll(page);
  // Addresses act when somebody follows them: none may be there to follow. Markdown of notes may lead elsewhere, by https only, and tells nobody where one came from.
  const links = await page.evaluate(() =>
    [...document.querySelectorAll('[href], [src], [action], [formaction], [srcdoc]')]
      .filter((each) => !each.matches('a[href^="https:"][target="_blank"][rel="noreferrer noopener"]'))
      .flatMap((each) =>
        ['href', 'src', 'action', 'formaction', 'srcdoc']
          .map((name) => each.getAttribute(name))
          .filter((value): value is string => value !== null && /^(?:javascript|vbscript|data):|xss\.invalid/i.test(value.replaceAll(/[^!-~]/g, '')))
          .map((value) => `${value.slice(0, 80)} in ${each.outerHTML.slice(0, 200)}`),
      ),
  );
  for (const link of links) seen.executed.push(`${url}: would be followed: ${link}`);
  const told = await page.evaluate(() => (window as unknown as { hubSeen: { executed: number; violations: string[] } }).hubSeen);
  if (told.executed > 0) seen.executed.push(`${url}: ${told.executed} times`);
  for (const violation of told.violations) seen.violations.push(`${url}: ${violation}`);
}

/** All pages in all rounds. `only`: pages whose name holds it. */
export async function tryXss(log: (line: string) => void = () => undefined, only = '', dist?: string): Promise<XssFigures> {
  const seen: Seen = { executed: [], violations: [], remote: [], broken: [] };
  const chosen = pages.filter(([name]) => name.includes(only));
  const acted = scenes.filter(([name]) => name.includes(only));
  const browser = await openBrowser();
  let places = 0;
  try {
    for (const [index, next] of rounds().entries()) {
      const poison = poisonedApi(next);
      const fake = await startFake(0, dist, poison.api);
      const page = await watched(browser, fake.url, seen);
      for (const [name, path, kind = 'owner'] of chosen) {
        await page.context().clearCookies();
        if (kind !== 'none') await page.context().addCookies([{ name: 'fake', value: kind, url: fake.url }]);
        await look(page, fake.url + path, seen).catch((error: unknown) => seen.broken.push(`${name}: ${String(error).slice(0, 200)}`));
      }
      await page.context().clearCookies();
      await page.context().addCookies([{ name: 'fake', value: 'owner', url: fake.url }]);
      for (const [name, path, act] of acted)
        await look(page, fake.url + path, seen, act).catch((error: unknown) => seen.broken.push(`${name}: ${String(error).slice(0, 200)}`));
      await page.context().close();
      await fake.close();
      places += poison.places();
      log(`round ${index + 1}: ${poison.places()} places`);
    }
  } finally {
    await browser.close();
  }
  return { strings: texts.length + addresses.length, pages: chosen.length + acted.length, places, ...seen };
}
