/** One browser that walks: what is wrong with a page, and what its controls do, also those that another one brings up. */
import type { BrowserContext, Page } from 'playwright-core';
import { type Control, controlsIn, type Effect, openPopups, popups, press } from './controls.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';
import { keyFaults, tabFaults } from './tab-order.ts';
import { busyMs, ids, mostBusy, mostDepth, mostOptions, mostShift, samples, type View, type Walk, type Walked } from './walk-model.ts';
import { controlsOf, kindOf, patternOf } from './walk-routes.ts';

/**
 * Refusals that belong to what was used: an empty form that is told what is missing, a name that is taken, and a draft whose page was reloaded while it was being saved,
 * which the builder finds out by itself (that it asks nobody is looked at after each use).
 */
const isExpected = (status: number): boolean => status === 422 || status === 409 || status === 412;
/** Not there, as they must answer: the page that nothing is at, and an invitation, which is for the invited alone; whoever else takes it is told on the page, and no more than that. */
const isNotThere = (pathname: string): boolean => /^\/nowhere$|^\/invitations\/[^/]+\.data$/.test(pathname);
const eachTold = 25;

/** A place in the walk: a page, and the controls used on the way there. */
interface Place {
  path: string;
  kind: string;
  chain: readonly Control[];
  /** How many popups are open there. */
  popups: number;
}

/** The first line of an error, and what stood in the way of a click. */
function shortOf(error: unknown): string {
  const lines = String(error).split('\n');
  const why = lines.findLast((line) => /intercepts pointer events|not stable|outside of the viewport|not visible|not enabled/.test(line));
  return `${lines[0] ?? ''}${why ? ` ${why.trim()}` : ''}`;
}

/** Axe finds nothing to look at where the popup closed in the same moment. */
function goneMeanwhile(error: unknown): string[] {
  if (/No elements found for include/.test(String(error))) return [];
  throw error;
}

/** A view that shows everything already has nothing to do. */
const mayBeDone = /"See everything/;

export class Visit {
  readonly walk: Walk;
  readonly context: BrowserContext;
  readonly view: View;
  readonly done: Walked;
  readonly name: string;
  /** Used already, over all pages that have the same controls. */
  readonly used = new Set<string>();
  readonly keys = new Set<string>();
  /** Pages that buttons led to. */
  readonly led: string[] = [];
  readonly later: { place: Place; control: Control }[] = [];
  page!: Page;
  destroying = false;
  /** The hub has refused for being too busy since this was last looked at. */
  busy = false;
  seen: string[] = [];
  /** What stands in the console. */
  consoled: string[] = [];

  constructor(walk: Walk, context: BrowserContext, view: View, done: Walked) {
    this.walk = walk;
    this.context = context;
    this.view = view;
    this.done = done;
    this.name = `${view.width} ${view.theme}`;
  }

  say(kind: string, what: string): void {
    const fault = `${this.name} ${kind}: ${what.replace(ids, ':id').slice(0, 300)}`;
    if (!this.done.faults.includes(fault)) this.walk.log(`fault: ${fault}`);
    this.done.faults.push(fault);
  }

  told(kind: string): void {
    const { controls, keys, faults } = this.done;
    this.walk.log(`${this.name} ${kind}: ${controls} controls, ${keys} keys, ${new Set(faults).size} faults so far`);
  }

  async begin(): Promise<void> {
    const { page, faults } = await watchedPage(this.context);
    this.page = page;
    this.consoled = faults;
    page.setDefaultTimeout(20_000);
    // The largest page on a machine that is busy with much else.
    page.setDefaultNavigationTimeout(60_000);
    // The browser's own question before work is left behind: yes.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    page.on('popup', (other) => void other.close().catch(() => undefined));
    page.on('response', (answer) => {
      const status = answer.status();
      // Too busy: the walk waits, as the answer says.
      if (status === 503) {
        this.busy = true;
        return;
      }
      // What destroys leaves pages behind that are no more.
      const { pathname } = new URL(answer.url());
      if (status >= 400 && !isExpected(status) && !(status === 404 && (this.destroying || isNotThere(pathname))))
        this.seen.push(`${status} ${answer.request().method()} ${pathname}`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // Left behind by going elsewhere, not broken.
      if (!/ERR_ABORTED/.test(why)) this.seen.push(`${why} ${new URL(request.url()).pathname}`);
    });
  }

  async open(path: string, quiet = false): Promise<number> {
    const answer = await this.page.goto(this.walk.hub.url + path, { waitUntil: 'load' });
    await this.page.locator('html[data-ready]').waitFor();
    // A drawer wakes with code of its own, and what it lies over is out of reach from then on.
    if (quiet || path.includes('step=')) await this.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
    // On a phone it lies over the whole page: until it is awake one would meet what is below it.
    if (path.includes('step=') && this.view.width === 390)
      await this.page
        .locator('#page [inert]')
        .first()
        .waitFor({ state: 'attached', timeout: 10_000 })
        .catch(() => undefined);
    // An address that asks something brings up a dialog, with code of its own; a run that is over in another way has none.
    if (/[?&](continue|edit)\b/.test(path))
      await this.page
        .locator('[role="dialog"]')
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => undefined);
    if (path.includes('/edit')) await this.page.locator('.react-flow__node, .react-flow__pane').first().waitFor();
    return answer?.status() ?? 0;
  }

  /** Does it again where the hub was too busy; what came of that is forgotten. A hub that stays so is a fault. */
  async unhurried<T>(kind: string, at: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      this.busy = false;
      const [result] = await Promise.allSettled([work()]);
      if (!this.busy || tries === mostBusy) {
        if (this.busy) this.say(kind, `${at}: the hub stays too busy (503)`);
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      }
      await this.rest();
    }
  }

  /** Waits until a busy hub may be asked again. */
  async rest(): Promise<void> {
    this.done.busy += 1;
    await this.page.waitForTimeout(busyMs);
    this.seen = [];
    this.consoled.splice(0);
    this.busy = false;
  }

  /** Faults since the last time. */
  collect(kind: string, at: string): void {
    for (const what of this.seen.splice(0)) this.say(kind, `${at}: ${what}`);
    // Chromium writes a line of its own for each refused request; those are told above, or expected.
    for (const what of this.consoled.splice(0)) if (!/Failed to load resource/.test(what)) this.say(kind, `${at}: console: ${what}`);
  }

  /** One page: what it is, where it leads, what can be used. Answers its links. */
  async look(path: string): Promise<string[]> {
    const kind = kindOf(path);
    this.done.patterns.add(patternOf(path));
    const status = await this.unhurried(kind, 'opened', () => this.open(path, true));
    // A page that says there is nothing answers 404, as it must.
    // So does a form say that its workflow is paused, which another browser of the walk did.
    if (status >= 400 && path !== '/nowhere' && !(status === 409 && path.startsWith('/forms/'))) this.say(kind, `answered ${status}`);
    if (/token=0123/.test(path)) this.seen = [];
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
    if (kind === samples) return [];
    const place: Place = { path, kind, chain: [], popups: await openPopups(this.page) };
    if (this.view.how === 'keys') await this.byKeys(place);
    await this.explore(place, new Set());
    return [...new Set(links)];
  }

  /** Tab through the page, and the keys it names; once for each kind of page. */
  async byKeys(place: Place): Promise<void> {
    if (this.used.has(`keys of ${place.kind}`)) return;
    this.used.add(`keys of ${place.kind}`);
    for (const fault of await this.unhurried(place.kind, 'tab', () => tabFaults(this.page))) this.say(place.kind, fault);
    await this.back(place, null);
    // Under a dialog the page's own keys are off: they are tried on the page without it.
    if (this.view.width === 390 || place.popups > 0 || (await this.page.locator('#page').count()) === 0) return;
    const before = this.keys.size;
    const known = new Set(this.keys);
    const faults = await this.unhurried(place.kind, 'keys', () => {
      // Again from the first: a key that was tried on a busy hub is not known yet.
      for (const key of this.keys) if (!known.has(key)) this.keys.delete(key);
      return keyFaults(this.page, () => this.back(place, null), this.keys, place.kind);
    });
    for (const fault of faults) this.say(place.kind, fault);
    this.done.keys += this.keys.size - before;
    this.collect(place.kind, 'keys');
  }

  /** Uses what is new at this place. `known`: what was there before, that of the page below. */
  async explore(place: Place, known: ReadonlySet<string>): Promise<void> {
    const all = await controlsIn(this.page);
    const fresh = all.filter(({ key }) => !known.has(key));
    const now = new Set([...known, ...all.map(({ key }) => key)]);
    let options = 0;
    for (const control of fresh) {
      // The name of a button that was just used.
      if (control.name === 'Copied') continue;
      if (control.role === 'option' && ++options > mostOptions) continue;
      const mark = this.markOf(place, control);
      if (this.used.has(mark)) continue;
      this.used.add(mark);
      if (control.destroys) this.later.push({ place, control });
      else
        await this.useOne(place, control, now).catch((error: unknown) => this.say(place.kind, `${this.nameOf(place, control)}: ${shortOf(error)}`));
    }
  }

  markOf(place: Place, control: Control): string {
    const frame = control.frame || place.chain[0]?.frame === true;
    return `${frame ? 'frame' : controlsOf(place.kind)} ${control.scope} ${control.key}`.replace(/\d+/g, '#');
  }

  nameOf({ chain }: Place, control: Control): string {
    return [...chain, control].map(({ name, role }) => `${role} "${name}"`).join(' > ');
  }

  /**
   * Uses it; where something lay over it that this page does not open by itself (a toast of what was used before), once more on the page opened anew; where it is gone because of what was changed since
   * (a folded loop, a step left out), once more on the draft as it was.
   */
  async pressAgain(place: Place, control: Control): Promise<Effect> {
    await this.back(place, control);
    const effect = await press(this.page, control, this.view.how).catch(async () => {
      await this.anew(place);
      return press(this.page, control, this.view.how);
    });
    const asItWas = this.walk.seeded.asItWas.get(place.path);
    if (effect !== 'gone' || this.destroying || !asItWas) return effect;
    // The builder is left first: as it goes it keeps and sends what is not saved.
    await this.page.goto(`${this.walk.hub.url}/healthz`);
    await this.page.evaluate(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith('hub-draft:')) localStorage.removeItem(key);
    });
    await asItWas();
    await this.anew(place);
    return press(this.page, control, this.view.how);
  }

  async useOne(place: Place, control: Control, now: ReadonlySet<string>): Promise<void> {
    const effect = await this.unhurried(place.kind, this.nameOf(place, control), () => this.pressAgain(place, control));
    if (effect === 'gone') return;
    this.done.controls += 1;
    if (this.done.controls % eachTold === 0) this.told(place.kind);
    const named = this.nameOf(place, control);
    this.judge(place, named, effect);
    this.collect(place.kind, named);
    const open = await openPopups(this.page);
    // Of a draft of its own: what the seed made, the other browser of the same person changes too.
    if (this.walk.seeded.asItWas.has(place.path) && (await this.page.getByRole('button', { name: /saved too/ }).count()) > 0)
      this.say(place.kind, `${named}: a conflict with oneself`);
    if (open > place.popups && (await this.isNewPopup(place))) {
      // It may have closed by itself meanwhile.
      const found = (await openPopups(this.page)) > 0 ? await axeFaults(this.page, popups).catch(goneMeanwhile) : [];
      for (const fault of found) this.say(place.kind, `${named}: axe ${fault}`);
      const wide = await sideways(this.page);
      if (wide > 0) this.say(place.kind, `${named}: ${wide} px wider than the screen`);
    }
    if (!this.isAt(place.path)) this.led.push(this.page.url());
    else if (place.chain.length < mostDepth && effect === 'something' && control.use !== 'slide')
      await this.explore({ ...place, chain: [...place.chain, control], popups: open }, now);
  }

  /** Popups of one name are looked at once on a kind of page. */
  async isNewPopup({ kind }: Place): Promise<boolean> {
    const names = await this.page.evaluate(
      (all) =>
        [...document.querySelectorAll<HTMLElement>(all)]
          .filter((element) => element.checkVisibility())
          .map((element) => {
            const by = document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent;
            return `${element.getAttribute('role')} ${element.getAttribute('aria-label') ?? by ?? element.textContent?.slice(0, 40)}`;
          })
          .join(' + '),
      popups,
    );
    const mark = `popup ${kind} ${names.replace(/\d+/g, '#')}`;
    if (this.used.has(mark)) return false;
    this.used.add(mark);
    return true;
  }

  judge({ kind }: Place, named: string, effect: Effect): void {
    if (effect === 'nothing' && !mayBeDone.test(named)) this.say(kind, `${named} does nothing`);
    if (effect === 'silent') this.say(kind, `${named} is disabled and does not say why`);
    if (effect === 'unreachable') this.say(kind, `${named} cannot be focused`);
  }

  isAt(path: string): boolean {
    return this.page.url() === this.walk.hub.url + path;
  }

  /** Brings a place back where it was left: Escape for what opened over it, else the page anew and the way there. What closed meanwhile is opened again only for what is in it. */
  async back(place: Place, control: Control | null): Promise<void> {
    for (let tries = 0; tries < 2; tries++) {
      if (!this.isAt(place.path)) break;
      if ((await openPopups(this.page)) <= place.popups) {
        if (control === null || (place.chain.length === 0 && place.popups === 0)) return;
        if ((await controlsIn(this.page)).some(({ key }) => key === control.key)) return;
        break;
      }
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(150);
    }
    await this.anew(place);
  }

  async anew(place: Place): Promise<void> {
    await this.open(place.path);
    for (const each of place.chain) await press(this.page, each, this.view.how);
    this.collect(place.kind, 'opened again');
  }

  /** At the end: what deletes, publishes, answers, and the questions that come before. */
  async useWhatDestroys(): Promise<void> {
    this.destroying = true;
    for (let entry = this.later.shift(); entry; entry = this.later.shift()) {
      const { place, control } = entry;
      // It may be gone by now: with its row, its run, its page.
      await this.useOne({ ...place, popups: 0 }, control, new Set(await this.keysAt(place))).catch((error: unknown) =>
        this.say(place.kind, `${this.nameOf(place, control)}: ${shortOf(error)}`),
      );
    }
  }

  async keysAt(place: Place): Promise<string[]> {
    await this.open(place.path);
    return (await controlsIn(this.page)).map(({ key }) => key);
  }
}
