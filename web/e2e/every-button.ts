/**
 * Walks the whole hub in a real browser: every route at two widths and two themes, every link followed, every control used, also those inside the dialogs, menus, panels
 * and lists that another one opened; by mouse in the light theme, by keyboard alone in the dark one. What takes something away comes last.
 * A fault is whatever a visitor would trip over: an error in the console, a request refused or failed, a dead link, a control that does nothing or that the keyboard does
 * not reach, a focus that cannot be seen, a key of the help sheet that does nothing, sideways scroll, a layout that shifts, what axe finds.
 */
import { availableParallelism } from 'node:os';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { testHub } from './hub.ts';
import { startFake } from '../fake/main.ts';
import { mostOfAKind, views, type View, type Walk, type Walked } from './walk-model.ts';
import { kindOf, patternOf, routePatterns } from './walk-routes.ts';
import { seedWalk, type Seeded } from './walk-seed.ts';
import { Visit } from './walk-visit.ts';

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
  '/settings/retention',
  '/settings/members',
  '/settings/api-keys',
  '/settings/variables',
  '/settings/audit',
  '/dev/mail',
  '/dev/ui',
  '/nowhere',
];
const noSeeds: Seeded = { paths: [], once: [], outside: [], asItWas: new Map() };
/** For somebody who is not signed in. */
const door = ['/sign-in', '/sign-up', '/reset', '/reset?token=012345678901234567890123'];

/** Links out of the pages: files, docs. Answers what is dead. */
async function deadLinks(context: BrowserContext, links: readonly string[]): Promise<string[]> {
  const dead: string[] = [];
  for (const link of links) {
    const answer = await context.request.get(link, { timeout: 10_000, maxRedirects: 3 }).catch(() => null);
    if (answer === null || answer.status() >= 400) dead.push(`${kindOf(link)} answers ${answer?.status() ?? 'nothing'}`);
  }
  return dead;
}

async function contextOf(walk: Walk, { width, theme }: View): Promise<BrowserContext> {
  const context = await walk.browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 800 },
    colorScheme: theme,
    hasTouch: width === 390,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: walk.hub.url });
  return context;
}

/** Looks at these paths and all that they lead to, until no new kind of page turns up. Answers what leads out of the pages. */
async function walkFrom(visit: Visit, paths: readonly string[]): Promise<{ seen: number; outward: string[] }> {
  const { url } = visit.walk.hub;
  const queue = [...paths];
  const given = new Set(paths);
  const seen = new Set<string>();
  // What is named counts beforehand: of a kind that is named twice, none is looked for.
  const counts = new Map([...Map.groupBy(paths, kindOf)].map(([kind, all]) => [kind, all.length]));
  const out = new Map<string, string>();
  const take = (link: string): void => {
    const to = new URL(link, url);
    if (to.origin !== url || to.pathname.startsWith('/api/') || to.pathname.startsWith('/docs')) out.set(kindOf(link), to.href);
    else if (to.pathname !== '/sign-out') queue.push(to.pathname + to.search);
  };
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const kind = kindOf(path);
    // What is named is always visited; of what links lead to, some of each kind.
    // Of addresses that ask for several things at once, one each.
    const most = kind.includes('&') ? 1 : mostOfAKind;
    if (seen.has(path) || (!given.has(path) && (counts.get(kind) ?? 0) >= most) || !kind.includes(visit.walk.route)) continue;
    seen.add(path);
    if (!given.has(path)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const links = await visit.look(path).catch((error: unknown) => {
      visit.say(kind, String(error).split('\n')[0] ?? '');
      return [];
    });
    visit.told(kind);
    for (const link of [...links, ...visit.led.splice(0)]) take(link);
  }
  // Of this hub only: vendors' pages and a Temporal that somebody else runs need not answer here.
  return { seen: seen.size, outward: [...out.values()].filter((link) => new URL(link).origin === url) };
}

/** Walks in one width and theme: signed in, then as somebody from outside. Answers what is left: to use what destroys. */
async function walkView(walk: Walk, view: View, done: Walked): Promise<() => Promise<void>> {
  const context = await contextOf(walk, view);
  const visit = new Visit(walk, context, view, done);
  await visit.begin();
  await walk.hub.signIn(visit.page);
  const named = [...from, ...walk.seeded.paths, ...(view.width === 1280 && view.how === 'mouse' ? walk.seeded.once : [])];
  // The builder has most of the controls: last of what is named, so that all the rest is seen soon.
  const { seen, outward } = await walkFrom(
    visit,
    named.toSorted((a, b) => Number(a.endsWith('/edit')) - Number(b.endsWith('/edit'))),
  );
  for (const fault of await deadLinks(context, outward)) visit.say('links', fault);
  const outsideContext = await contextOf(walk, view);
  const outsider = new Visit(walk, outsideContext, view, done);
  await outsider.begin();
  const outside = await walkFrom(outsider, [...door, ...walk.seeded.outside.map((link) => link.replace(walk.hub.url, ''))]);
  done.links += seen + outside.seen + outward.length;
  visit.told('walked');
  return async () => {
    if (view.destroys) {
      await outsider.useWhatDestroys();
      await visit.useWhatDestroys();
      visit.told('what destroys');
    }
    await outsideContext.close();
    await context.close();
  };
}

/** Walks them all, as many at a time as there are cores, each with things of its own to change, or those views (`390`, `1280 dark`) and routes that contain what `part` names. What destroys comes when all have seen everything. */
async function walkAll(
  walk: Omit<Walk, 'browser' | 'seeded' | 'route'>,
  seed: (browser: Browser) => Promise<Seeded>,
  part: { view?: string | undefined; route?: string | undefined },
): Promise<Walked> {
  const done: Walked = { pages: 0, controls: 0, links: 0, keys: 0, busy: 0, faults: [], patterns: new Set() };
  const browser = await openBrowser();
  try {
    const chosen = views.filter(({ width, theme }) => `${width} ${theme}`.includes(part.view ?? ''));
    const seeds: Seeded[] = [];
    for (const view of chosen) {
      const seeded = await seed(browser);
      walk.log(`${view.width} ${view.theme} seeded: ${seeded.paths.length} pages, ${seeded.outside.length} for people from outside`);
      seeds.push(seeded);
    }
    const left: (() => Promise<void>)[] = [];
    const waiting = [...chosen.entries()];
    const walker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [at, view] = next;
        left.push(await walkView({ ...walk, browser, seeded: seeds[at] ?? noSeeds, route: part.route ?? '' }, view, done));
      }
    };
    // More browsers than cores only keep the hub from answering.
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, walker));
    for (const destroy of left) await destroy();
    if (!part.route) for (const pattern of routePatterns()) if (!done.patterns.has(pattern)) done.faults.push(`the walk never came to ${pattern}`);
  } finally {
    await browser.close();
  }
  return done;
}

/** Makes what the walk needs, through the pages' own API as the person who is signed in. */
async function seedHub(browser: Browser, hub: ReturnType<typeof testHub>, signIn: (page: Page) => Promise<void>): Promise<Seeded> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page);
  const me = (await (await context.request.get(`${hub.url}/api/v1/me`)).json()) as { csrfToken: string };
  const invite = async (): Promise<void> => {
    const answer = await context.request.post(`${hub.url}/api/v1/invitations`, {
      headers: { 'x-csrf-token': me.csrfToken, origin: hub.url },
      data: { email: `outside-${crypto.randomUUID().slice(0, 8)}@example.com`, role: 'editor' },
    });
    if (!answer.ok()) throw new Error(`The invitation was refused: ${await answer.text()}`);
  };
  const mails = async (): Promise<string[]> => {
    const { items } = (await (await context.request.get(`${hub.url}/api/v1/dev/mail`)).json()) as { items: { text: string }[] };
    return items.map(({ text }) => text);
  };
  const seeded = await seedWalk(hub.client, hub.url, invite, mails);
  await context.close();
  return seeded;
}

/** On the hub that is given, or that of the environment. */
export async function walkEveryButton(
  given: { url: string; demoFile: string } | undefined,
  log: Walk['log'],
  part: { view?: string | undefined; route?: string | undefined } = {},
): Promise<Walked> {
  const hub = testHub(given);
  const signIn = async (page: Page): Promise<void> => void (await page.goto(await hub.signInLink('/')));
  return walkAll({ hub: { url: hub.url, signIn }, log }, (browser) => seedHub(browser, hub, signIn), part);
}

/** `node web/e2e/every-button.ts [view] [route]`: the same on made-up data, for whoever works on a page. */
if (import.meta.main) {
  const fake = await startFake(0);
  const [view, route] = process.argv.slice(2);
  const signIn = async (page: Page): Promise<void> => page.context().addCookies([{ name: 'fake', value: 'owner', url: fake.url }]);
  const walked = await walkAll({ hub: { url: fake.url, signIn }, log: console.log }, () => Promise.resolve(noSeeds), { view, route });
  await fake.close();
  console.log(
    `${walked.pages} pages, ${walked.controls} controls, ${walked.keys} keys, ${walked.links} links, ${new Set(walked.faults).size} faults; ${patternOf('/')} and ${walked.patterns.size - 1} more routes`,
  );
}
