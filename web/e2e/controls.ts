/** The controls of a page as a visitor meets them, and what using one does: by mouse, or by keyboard alone. */
import type { Locator, Page, Request } from 'playwright-core';

export interface Control {
  /** Role, name and number among its likes: finds it again after a reload. */
  key: string;
  name: string;
  /** `press`: buttons and their like; `type`: fields; `slide`: what arrows move; `card`: a step on the canvas. */
  use: 'press' | 'type' | 'slide' | 'card';
  role: string;
  /** Of the frame around every page: the same everywhere. */
  frame: boolean;
  /** Name of the dialog or panel it stands in; empty on the page itself. */
  scope: string;
  /** On the canvas, which a person moves until it is in sight. */
  canvas: boolean;
  /** Takes something away for good, answers for somebody, or leaves. */
  destroys: boolean;
}

export type How = 'mouse' | 'keys';

/** What takes something away for good, answers for somebody, or leaves: used last, on a hub of one's own. */
const destroys =
  /\b(delete|remove|revoke|withdraw|end|end all others|cancel run|cancel the run|archive|reject|approve|decline|reset|replace|disconnect|new address|publish|roll ?back|it failed|it is done)\b/i;
/** Ends the walk itself. */
const leaves = /\b(sign out|leave the team|end all others|end this|delete the team|this one)\b/i;

/** What pressing did: something a visitor sees; nothing; a reason told; no reason told; it is not there any more; the keyboard does not reach it. */
export type Effect = 'something' | 'nothing' | 'told' | 'silent' | 'gone' | 'unreachable';

const selector = [
  'button',
  'summary',
  ...['button', 'tab', 'switch', 'combobox', 'menuitem', 'menuitemradio', 'menuitemcheckbox', 'option', 'radio', 'checkbox', 'slider'].map(
    (role) => `[role="${role}"]`,
  ),
  '[role="separator"][tabindex="0"]',
  'input:not([type="hidden"])',
  'textarea',
  'select',
  '.cm-content[contenteditable="true"]',
  '.react-flow__node',
].join(', ');

/** What floats over the page: a dialog, a sheet, a menu, a list. */
export const popups = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Visible controls in order. */
export async function controlsIn(page: Page): Promise<Control[]> {
  const found = await page.evaluate((all) => {
    const counts = new Map<string, number>();
    const textOf = (id: string | null | undefined): string =>
      (id ?? '')
        .split(' ')
        .map((each) => document.getElementById(each)?.textContent ?? '')
        .join(' ')
        .trim();
    return [...document.querySelectorAll<HTMLElement>(all)].flatMap((element) => {
      const box = element.getBoundingClientRect();
      if (
        box.width < 2 ||
        box.height < 2 ||
        !element.checkVisibility({ visibilityProperty: true }) ||
        element.closest('[inert], [aria-hidden="true"]')
      )
        return [];
      // Rows of a table are alike: two of them stand for all.
      const row = element.closest('tbody tr');
      if (row && [...(row.parentElement?.children ?? [])].indexOf(row) > 1) return [];
      const field = element as HTMLInputElement;
      const labelled =
        element.getAttribute('aria-label') ||
        textOf(element.getAttribute('aria-labelledby')) ||
        (field.labels?.[0]?.innerText ?? element.closest('label')?.innerText) ||
        (element.matches('input, textarea, select, .cm-content') ? field.placeholder || field.name : element.innerText);
      const name = (labelled || element.title || element.getAttribute('name') || element.id || element.tagName)
        .trim()
        .replace(/\s+/g, ' ')
        .slice(0, 60);
      const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
      const base = `${role} ${name}`;
      const nth = counts.get(base) ?? 0;
      counts.set(base, nth + 1);
      const key = `${base} ${nth}`;
      element.dataset['walk'] = key;
      const inside = element.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [data-inspector], [data-dock]');
      const scope = inside
        ? inside.getAttribute('aria-label') || textOf(inside.getAttribute('aria-labelledby')) || (inside.getAttribute('role') ?? 'panel')
        : '';
      const type = field.type ?? '';
      const types = element.matches('textarea, select, .cm-content, input') && !['checkbox', 'radio', 'file', 'button', 'submit'].includes(type);
      const use = element.matches('.react-flow__node')
        ? 'card'
        : element.matches('[role="separator"], [role="slider"], input[type="range"]')
          ? 'slide'
          : types
            ? 'type'
            : 'press';
      const frame = element.closest('main, [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') === null;
      const canvas = element.closest('.builder-canvas .react-flow__viewport') !== null;
      return [{ key, name, role, use, frame, canvas, scope: scope.slice(0, 60) } as const];
    });
  }, selector);
  return found
    .filter(({ name }) => !leaves.test(name))
    .map((control) => ({ ...control, destroys: control.use === 'press' && destroys.test(control.name) }));
}

/** How many popups are open. */
export async function openPopups(page: Page): Promise<number> {
  return page.evaluate((all) => [...document.querySelectorAll<HTMLElement>(all)].filter((element) => element.checkVisibility()).length, popups);
}

interface Watched {
  noticed: number;
  /** Requests on their way. */
  open: Set<unknown>;
  stop: () => void;
}

/** Counts what leaves the page: requests, files asked for, downloads, new windows. */
function watchOutward(page: Page): Watched {
  const watched: Watched = { noticed: 0, open: new Set(), stop: () => undefined };
  const note = (): void => void (watched.noticed += 1);
  const begin = (request: Request): void => void watched.open.add(request);
  const end = (request: Request): void => void watched.open.delete(request);
  const events = ['request', 'filechooser', 'download', 'popup'] as const;
  for (const event of events) page.on(event as 'request', note);
  page.on('request', begin);
  for (const event of ['requestfinished', 'requestfailed'] as const) page.on(event as 'requestfinished', end);
  watched.stop = () => {
    for (const event of events) page.off(event as 'request', note);
    page.off('request', begin);
    for (const event of ['requestfinished', 'requestfailed'] as const) page.off(event as 'requestfinished', end);
  };
  return watched;
}

/** Counts changes of the document from here on. */
async function watchChanges(target: Locator | null, page: Page): Promise<void> {
  const watch = (): void => {
    const seen = { changes: 0 };
    Object.assign(window, { hubWalk: seen });
    new MutationObserver((records) => {
      seen.changes += records.filter((record) => record.attributeName !== 'data-walk').length;
    }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  };
  if (target) await target.evaluate(watch);
  else await page.evaluate(watch);
}

const changesNow = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { hubWalk?: { changes: number } }).hubWalk?.changes ?? 1).catch(() => 1);

/** Waits until nothing changes any more; popups load with their first opening, so where nothing happened yet it waits longer. Answers whether anything did. */
async function settled(page: Page, watched: Watched, url: string): Promise<boolean> {
  let changes = -1;
  for (let round = 0; round < 60; round++) {
    await page.waitForTimeout(40);
    const now = (await changesNow(page)) + watched.noticed;
    // On a page that lives, something always changes: half a second of it is enough.
    const still = now === changes ? (now > 0 ? round > 1 : round > 24) : round > 12;
    if (watched.open.size === 0 && still) break;
    changes = now;
  }
  return changes > 0 || page.url() !== url;
}

/** How long a control that seems to do nothing is waited for on a busy machine, and one that does not take the focus yet. */
const patienceMs = 2000;

/** Whether anything happens after all. */
async function stirs(page: Page, watched: Watched, url: string): Promise<boolean> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await page.waitForTimeout(100))
    if ((await changesNow(page)) + watched.noticed > 0 || page.url() !== url) return true;
  return false;
}

/** Types a letter into a field and takes it away again: a field that keeps nothing is dead. */
async function typeInto(page: Page, target: Locator): Promise<boolean> {
  const valueOf = (): Promise<string> => target.evaluate((element: HTMLInputElement) => element.value ?? element.textContent ?? '').catch(() => '\0');
  const kind = await target.evaluate((element: HTMLInputElement) => (element.matches('select') ? 'select' : (element.type ?? '')));
  const before = await valueOf();
  await target.focus({ timeout: clickMs });
  if (kind === 'select') await page.keyboard.press('ArrowDown');
  else if (/^(date|time|datetime-local|month|color)$/.test(kind)) await page.keyboard.type(kind === 'time' ? '1015AM' : '11242026');
  else await page.keyboard.type(kind === 'number' ? '7' : 'x');
  const after = await valueOf();
  if (after !== before && !/^(date|time|datetime-local|month|color|select)$/.test(kind)) await page.keyboard.press('Backspace');
  return after !== before || (kind === 'select' && (await target.locator('option').count()) < 2);
}

const bySpace = /^(checkbox|radio|switch)$/;
/** Their focus belongs to the list or the field they hang on, and arrows walk them. */
const walkedByArrows = /^(option|menuitem|menuitemradio|menuitemcheckbox|tab|radio)$/;

/** Long, for a machine that is busy: on a free one it is a matter of milliseconds. */
const clickMs = 5000;

/** Moves the canvas until this is in sight, as a person would. The browser's own scrolling is undone by the canvas, and the click would meet nothing. */
async function bringIntoSight(page: Page, target: Locator): Promise<void> {
  const canvas = page.locator('.builder-canvas');
  const narrow = (page.viewportSize()?.width ?? 0) < 768;
  for (let tries = 0; tries < 6; tries++) {
    const [box, all] = [await target.boundingBox(), await canvas.boundingBox()];
    if (!box || !all) return;
    if (box.x >= all.x && box.y >= all.y && box.x + box.width <= all.x + all.width && box.y + box.height <= all.y + all.height) return;
    if (narrow) {
      await canvas.focus();
      await page.keyboard.press('1');
    } else {
      // From afar a card says less and has no buttons: the wheel moves it nearer as it is.
      const [x, y] = [all.x + all.width / 3, all.y + all.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.wheel((box.x - x) * 2, (box.y - y) * 2);
    }
    await page.waitForTimeout(350);
  }
}

/** A step is clicked as a person would: the inspector closed and all of the canvas in sight; its parameters are what is looked at. */
async function clickCard(page: Page, target: Locator): Promise<void> {
  const canvas = page.locator('.builder-canvas');
  // The graph of a run or a workflow is for looking: it stands still.
  if ((await canvas.count()) === 0) return target.click({ timeout: clickMs, noWaitAfter: true, position: { x: 40, y: 8 } });
  await canvas.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await page.waitForTimeout(350);
  const box = await target.boundingBox();
  if (!box) throw new Error('the step cannot be seen');
  await page.mouse.click(box.x + Math.min(60, box.width * 0.3), box.y + Math.min(12, box.height * 0.2));
  // The inspector opens on the tab of last time.
  const parameters = page.locator('[data-inspector] [role="tab"][aria-selected="false"]', { hasText: /^Parameters/ });
  await page.waitForTimeout(60);
  if ((await parameters.count()) > 0) await parameters.click({ timeout: clickMs, noWaitAfter: true });
}

/** What just opened may hold the focus for a moment longer. */
async function takesFocus(page: Page, target: Locator, role: string): Promise<boolean> {
  for (const until = Date.now() + (walkedByArrows.test(role) ? 0 : patienceMs); ; await page.waitForTimeout(100)) {
    await target.focus();
    if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement))) return true;
    if (Date.now() >= until) return false;
  }
}

async function activate(page: Page, target: Locator, control: Control, how: How): Promise<boolean> {
  if (control.use === 'card') {
    await clickCard(page, target);
    return true;
  }
  if (how === 'mouse') {
    if (control.canvas) await bringIntoSight(page, target);
    await target.click({ timeout: clickMs, noWaitAfter: true });
    return true;
  }
  if (!(await takesFocus(page, target, control.role))) {
    if (!walkedByArrows.test(control.role)) return false;
    await target.click({ timeout: clickMs, noWaitAfter: true });
    return true;
  }
  await page.keyboard.press(bySpace.test(control.role) || /^(checkbox|radio)$/.test((await target.getAttribute('type')) ?? '') ? 'Space' : 'Enter');
  return true;
}

interface Before {
  disabled: boolean;
  readOnly: boolean;
  why: string;
  checked: boolean;
}

/** What it is before it is used; null where it went in the same moment, as a button that says that it is saving. */
async function lookAt(target: Locator): Promise<Before | null> {
  const look = (element: HTMLElement): Before => {
    const disabled =
      element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true' || (element as HTMLInputElement).readOnly === true;
    const described = element.getAttribute('aria-describedby')?.split(' ') ?? [];
    const why =
      element.title ||
      element.querySelector('.sr-only')?.textContent ||
      element.closest('[title]')?.getAttribute('title') ||
      described.map((id) => document.getElementById(id)?.textContent ?? '').join('') ||
      // A form that is for looking only says so once.
      document.getElementById(
        element.closest('[role="tabpanel"][aria-describedby], [role="group"][aria-describedby]')?.getAttribute('aria-describedby') ?? '',
      )?.textContent ||
      '';
    // Choosing what is chosen already may well do nothing.
    const isChosen =
      ['aria-pressed', 'aria-checked', 'aria-selected'].some((name) => element.getAttribute(name) === 'true') || element.matches('.selected');
    return { disabled, readOnly: (element as HTMLInputElement).readOnly === true, why, checked: isChosen || (element as HTMLInputElement).checked };
  };
  try {
    return await target.evaluate(look, undefined, { timeout: 2 * clickMs });
  } catch (error) {
    if ((await target.count()) === 0) return null;
    throw error;
  }
}

/** Uses a control and tells what a visitor would notice. */
export async function press(page: Page, control: Control, how: How = 'mouse'): Promise<Effect> {
  await controlsIn(page);
  const target = page.locator(`[data-walk=${JSON.stringify(control.key)}]`).first();
  if ((await target.count()) === 0) return 'gone';
  const before = await lookAt(target);
  if (before === null) return 'gone';
  if (before.readOnly) return 'told';
  if (before.disabled) return before.why.trim() === '' ? 'silent' : 'told';
  await watchChanges(target, page);
  const watched = watchOutward(page);
  const url = page.url();
  const focused = await page.evaluateHandle(() => document.activeElement);
  try {
    if (control.use === 'type') {
      const kept = await typeInto(page, target);
      return (await settled(page, watched, url)) || kept ? 'something' : 'nothing';
    }
    if (control.use === 'slide') {
      await target.focus();
      for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown']) await page.keyboard.press(key);
    } else if (!(await activate(page, target, control, how))) return 'unreachable';
    if (await settled(page, watched, url)) return 'something';
    const invalid = await page.evaluate(() => document.activeElement?.matches(':invalid') ?? false);
    // Leading to a field is something, though nothing else changes; also back to the field where one was, since pressing a button takes the focus first.
    const led = await target.evaluate(
      (element, was) => !element.contains(document.activeElement) && (element.matches('button') || document.activeElement !== was),
      focused,
    );
    return invalid || before.checked || led || (await stirs(page, watched, url)) ? 'something' : 'nothing';
  } finally {
    await focused.dispose().catch(() => undefined);
    watched.stop();
  }
}

/** Presses keys of the page, as `Control+K` or `g i`, and tells whether anything came of it. */
export async function pressKeys(page: Page, keys: string): Promise<boolean> {
  await watchChanges(null, page);
  const watched = watchOutward(page);
  const url = page.url();
  const focused = await page.evaluateHandle(() => document.activeElement);
  try {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    // Leading to a field is something, though nothing else changes.
    if ((await settled(page, watched, url)) || (await page.evaluate((was) => document.activeElement !== was, focused).catch(() => true))) return true;
    return await stirs(page, watched, url);
  } finally {
    await focused.dispose().catch(() => undefined);
    watched.stop();
  }
}
