/**
 * Walks the whole hub in a real browser: every route at two widths and two themes, every link followed, every button that destroys nothing pressed.
 * A fault is whatever a visitor would trip over: an error in the console, a request refused or failed, a dead link, a button that does nothing, sideways scroll,
 * a layout that shifts, what axe finds.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { controlsIn, type Control, popups, press, stillOpen } from './controls.ts';
import { testHub } from './hub.ts';
import { startFake } from '../fake/main.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

interface Walk {
  browser: Browser;
  hub: { url: string; signIn: (page: Page) => Promise<void> };
  log: (line: string) => void;
  /** Only routes that contain this. */
  route: string;
}

/** Begun with by themselves; the rest is found by links. */
const from = [
  '/',
  '/inbox',
  '/approvals',
  '/workflows',
  '/workflows/new',
  '/templates',
  '/runs',
  '/files',
  '/connections',
  '/settings',
  '/settings/appearance',
  '/settings/sessions',
  '/settings/limits',
  '/settings/members',
  '/settings/api-keys',
  '/settings/variables',
  '/settings/audit',
  '/dev/mail',
  '/dev/ui',
];

export interface Walked {
  pages: number;
  controls: number;
  links: number;
  faults: string[];
}

/** Of one kind of page (`/runs/:id`), this many are visited. */
const mostOfAKind = 2;
const mostShift = 0.02;
const views = [1280, 390].flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ width, theme })));

const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** `/runs/0199…?step=classify` -> `/runs/:id?step`: what pages of one kind have in common. */
export function kindOf(path: string): string {
  const url = new URL(path, 'http://hub');
  const name = url.pathname
    .replace(ids, ':id')
    .replace(/\/versions\/\d+$/, '/versions/:n')
    .replace(/\/(triggers|templates|forms|invitations)\/[^/]+$/, '/$1/:id');
  const search = [...url.searchParams.keys()].sort().join('&');
  return search === '' ? name : `${name}?${search}`;
}

/** Refusals that belong to what was pressed: an empty form that is told what is missing. */
const isExpected = (status: number): boolean => status === 422;

class Visit {
  readonly walk: Walk;
  readonly context: BrowserContext;
  readonly view: string;
  readonly done: Walked;
  /** Pressed already, over all pages of a kind. */
  readonly pressed = new Set<string>();
  page!: Page;
  seen: string[] = [];
  /** What stands in the console. */
  consoled: string[] = [];

  constructor(walk: Walk, context: BrowserContext, view: string, done: Walked) {
    this.walk = walk;
    this.context = context;
    this.view = view;
    this.done = done;
  }

  say(kind: string, what: string): void {
    const fault = `${this.view} ${kind}: ${what.replace(ids, ':id').slice(0, 300)}`;
    this.done.faults.push(fault);
    this.walk.log(`fault: ${fault}`);
  }

  async begin(): Promise<void> {
    const { page, faults } = await watchedPage(this.context);
    this.page = page;
    this.consoled = faults;
    page.setDefaultTimeout(20_000);
    page.on('response', (answer) => {
      const status = answer.status();
      if (status >= 400 && !isExpected(status)) this.seen.push(`${status} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // Left behind by going elsewhere, not broken.
      if (!/ERR_ABORTED/.test(why)) this.seen.push(`${why} ${new URL(request.url()).pathname}`);
    });
    await this.walk.hub.signIn(page);
  }

  async open(path: string): Promise<number> {
    const answer = await this.page.goto(this.walk.hub.url + path, { waitUntil: 'load' });
    await this.page.locator('html[data-ready]').waitFor();
    await this.page.waitForLoadState('networkidle', { timeout: 4000 }).catch(() => undefined);
    return answer?.status() ?? 0;
  }

  /** Faults since the last time. */
  collect(kind: string, at: string): void {
    for (const what of this.seen.splice(0)) this.say(kind, `${at}: ${what}`);
    // Chromium writes a line of its own for each refused request; those are told above, or expected.
    for (const what of this.consoled.splice(0)) if (!/Failed to load resource/.test(what)) this.say(kind, `${at}: console: ${what}`);
  }

  /** One page: what it is, where it leads, what can be pressed. Answers its links. */
  async look(path: string): Promise<string[]> {
    const kind = kindOf(path);
    const status = await this.open(path);
    if (status >= 400) this.say(kind, `answered ${status}`);
    this.collect(kind, 'opened');
    const wide = await sideways(this.page);
    if (wide > 0) this.say(kind, `${wide} px wider than the screen`);
    const shift = await shiftOf(this.page);
    if (shift > mostShift) this.say(kind, `layout shift ${shift.toFixed(3)}`);
    for (const fault of await axeFaults(this.page)) this.say(kind, `axe ${fault}`);
    this.done.pages += 1;
    const links = await this.page.evaluate(() =>
      [...document.querySelectorAll('a[href]')].map((link) => new URL(link.getAttribute('href') ?? '', location.href).href),
    );
    await this.pressAll(path, kind);
    return [...new Set(links)];
  }

  async pressAll(path: string, kind: string): Promise<void> {
    for (const control of await controlsIn(this.page)) {
      const mark = `${control.frame ? 'frame' : kind} ${control.key.replace(/\d+/g, '#')}`;
      if (this.pressed.has(mark)) continue;
      this.pressed.add(mark);
      await this.pressOne(path, kind, control).catch((error: unknown) => this.say(kind, `"${control.name}": ${String(error).split('\n')[0] ?? ''}`));
    }
  }

  async pressOne(path: string, kind: string, control: Control): Promise<void> {
    const address = this.walk.hub.url + path;
    const effect = await press(this.page, control);
    if (effect === 'gone') return;
    this.done.controls += 1;
    if (effect === 'nothing') this.say(kind, `"${control.name}" does nothing`);
    if (effect === 'silent') this.say(kind, `"${control.name}" is disabled and does not say why`);
    this.collect(kind, `"${control.name}"`);
    if (await stillOpen(this.page)) {
      for (const fault of await axeFaults(this.page, popups)) this.say(kind, `"${control.name}": axe ${fault}`);
      const wide = await sideways(this.page);
      if (wide > 0) this.say(kind, `"${control.name}": ${wide} px wider than the screen`);
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(250);
    }
    if (this.page.url() !== address || (await stillOpen(this.page))) {
      await this.open(path);
      this.collect(kind, `after "${control.name}"`);
    }
  }
}

/** Links out of the pages: files, docs. Answers what is dead. */
async function deadLinks(context: BrowserContext, links: readonly string[]): Promise<string[]> {
  const dead: string[] = [];
  for (const link of links) {
    const answer = await context.request.get(link, { timeout: 10_000, maxRedirects: 3 }).catch(() => null);
    if (answer === null || answer.status() >= 400) dead.push(`${link.replace(ids, ':id')} answers ${answer?.status() ?? 'nothing'}`);
  }
  return dead;
}

/** Walks in one width and theme until no new kind of page turns up. */
async function walkView(walk: Walk, width: number, theme: 'light' | 'dark', done: Walked): Promise<void> {
  const { url } = walk.hub;
  const context = await walk.browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 800 },
    colorScheme: theme,
    hasTouch: width === 390,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  const visit = new Visit(walk, context, `${width} ${theme}`, done);
  await visit.begin();
  const queue = [...from];
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const out = new Map<string, string>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const kind = kindOf(path);
    if (seen.has(path) || (counts.get(kind) ?? 0) >= mostOfAKind || !kind.includes(walk.route)) continue;
    seen.add(path);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const links = await visit.look(path).catch((error: unknown) => {
      visit.say(kind, String(error).split('\n')[0] ?? '');
      return [];
    });
    walk.log(`${visit.view} ${kind}: ${done.controls} controls, ${done.faults.length} faults so far`);
    for (const link of links) {
      const to = new URL(link);
      if (to.origin !== url || to.pathname.startsWith('/api/') || to.pathname.startsWith('/docs')) out.set(kindOf(link), link);
      else if (to.pathname !== '/sign-out') queue.push(to.pathname + to.search);
    }
  }
  // Of this hub only: vendors' pages and a Temporal that somebody else runs need not answer here.
  const outward = [...out.values()].filter((link) => new URL(link).origin === url);
  for (const fault of await deadLinks(context, outward)) visit.say('links', fault);
  done.links += seen.size + outward.length;
  await context.close();
}

/** Walks them all, or those views (`390`, `1280 dark`) and routes that contain what `part` names. */
async function walkAll(hub: Walk['hub'], log: Walk['log'], part: { view?: string | undefined; route?: string | undefined }): Promise<Walked> {
  const done: Walked = { pages: 0, controls: 0, links: 0, faults: [] };
  const browser = await openBrowser();
  try {
    for (const { width, theme } of views)
      if (`${width} ${theme}`.includes(part.view ?? '')) await walkView({ browser, hub, log, route: part.route ?? '' }, width, theme, done);
  } finally {
    await browser.close();
  }
  return done;
}

/** On the hub that is given, or that of the environment. */
export async function walkEveryButton(
  given: { url: string; demoFile: string } | undefined,
  log: Walk['log'],
  part: { view?: string | undefined; route?: string | undefined } = {},
): Promise<Walked> {
  const hub = testHub(given);
  const signIn = async (page: Page): Promise<void> => void (await page.goto(await hub.signInLink('/')));
  return walkAll({ url: hub.url, signIn }, log, part);
}

/** `node web/e2e/every-button.ts [view] [route]`: the same on made-up data, for whoever works on a page. */
if (import.meta.main) {
  const fake = await startFake(0);
  const [view, route] = process.argv.slice(2);
  const signIn = async (page: Page): Promise<void> => page.context().addCookies([{ name: 'fake', value: 'owner', url: fake.url }]);
  const walked = await walkAll({ url: fake.url, signIn }, console.log, { view, route });
  await fake.close();
  console.log(`${walked.pages} pages, ${walked.controls} controls, ${walked.links} links, ${new Set(walked.faults).size} faults`);
}
