/** The keyboard on a page: what Tab reaches and whether one sees where one is, and the keys that the help sheet names. */
import type { Locator, Page } from 'playwright-core';
import { controlsIn, pressKeys } from './controls.ts';

const mostStops = 160;

/** Goes through the page by Tab. Answers controls that are never reached and stops that show no focus. */
export async function tabFaults(page: Page): Promise<string[]> {
  await controlsIn(page);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
  });
  const [reached, hidden] = [new Set<string>(), new Set<string>()];
  let first: string | null = null;
  let all = false;
  let outside = 0;
  for (let at = 0; at < mostStops; at++) {
    await page.keyboard.press('Tab');
    let stop = await stopNow(page);
    // The edge of a dialog hands the focus on with the next frame; a person is not as fast.
    if (stop === null || stop.guard) {
      await page.waitForTimeout(80);
      stop = await stopNow(page);
    }
    // Past the last stop, and on from the first: a page that gave a field the focus began in its midst.
    if (stop === null && ++outside < 3) continue;
    // Round once: every stop has been seen. A page with more of them is not judged.
    all = stop === null || stop.place === first;
    if (stop === null || all) break;
    first ??= stop.place;
    if (stop.walk) reached.add(stop.walk);
    if (!stop.shown) hidden.add(stop.html);
  }
  const missed = await page.evaluate(() => {
    const composite =
      '[role="tablist"], [role="radiogroup"], [role="toolbar"], [role="grid"], [role="menu"], [role="listbox"], [role="tree"], [role="application"], [role="group"][data-orientation]';
    return [...document.querySelectorAll<HTMLElement>('[data-walk]')].flatMap((element) =>
      element.matches(':disabled, [aria-disabled="true"], .react-flow__node, input[type="radio"], input[type="file"]') ||
      element.closest(composite) ||
      element.closest('[inert], [aria-hidden="true"]') ||
      !element.checkVisibility({ visibilityProperty: true, opacityProperty: false })
        ? []
        : [element.dataset['walk'] ?? ''],
    );
  });
  const never = all ? missed.filter((key) => !reached.has(key)) : [];
  return [...never.map((key) => `Tab never reaches "${key}"`), ...[...hidden].map((html) => `focus cannot be seen on ${html}`)];
}

interface Stop {
  place: string;
  walk: string | null;
  guard: boolean;
  shown: boolean;
  html: string;
}

/** Where the focus is; null on the page as a whole. */
async function stopNow(page: Page): Promise<Stop | null> {
  return page.evaluate(() => {
    const active = document.activeElement as HTMLElement | null;
    if (!active || active === document.body) return null;
    const near = [active, active.parentElement, active.nextElementSibling, active.closest('.cm-editor')?.parentElement, active.closest('label')];
    const outlined = near.some((each) => {
      if (!each) return false;
      const style = getComputedStyle(each);
      return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
    });
    // A field shows it by its frame, the one of a list by its caret; the page as a whole by nothing; a link to skip by being there at all.
    const framed = active.matches('textarea, .cm-content, input[role="combobox"], main, [role="application"], [data-base-ui-focus-guard]');
    const box = active.getBoundingClientRect();
    const path: string[] = [];
    for (let up: Element | null = active; up && path.length < 30; up = up.parentElement)
      path.push(String([...(up.parentElement?.children ?? [])].indexOf(up)));
    return {
      place: path.join('.'),
      walk: active.dataset['walk'] ?? null,
      guard: active.hasAttribute('data-base-ui-focus-guard'),
      shown: outlined || framed || box.width < 2,
      html: active.outerHTML.slice(0, 100),
    };
  });
}

/** Keys that need something of the page's own before they act. */
const needsRow = /^(Enter|x|k)$/;
/** Would take something away, or test and leave. */
const left = /^(Tab|\{)$/;

/** The keys that the help sheet names, each pressed; answers those that do nothing. `again` brings the page back as it was. */
export async function keyFaults(page: Page, again: () => Promise<void>, known: Set<string>, mark: string): Promise<string[]> {
  const sheet = page.getByRole('dialog', { name: 'Keys and help' });
  if (!(await opensHelp(page, sheet))) return ['"?" opens no help'];
  const named = await sheet.evaluate((element) =>
    [...element.querySelectorAll('section')].flatMap((section) =>
      [...section.querySelectorAll('dl > div')].map((row) => ({
        group: section.querySelector('h3')?.textContent ?? '',
        what: row.querySelector('dt')?.textContent ?? '',
        keys: [...row.querySelectorAll('kbd')].map((each) => each.textContent ?? ''),
      })),
    ),
  );
  await page.keyboard.press('Escape');
  const faults: string[] = [];
  for (const { group, what, keys } of named) {
    if (group === 'Fields') continue;
    const chord = keys.map((key) => ({ Ctrl: 'Control', shift: 'Shift', Esc: 'Escape' })[key] ?? key);
    const isGoTo = group === 'Anywhere' && chord[0] === 'g';
    const press = isGoTo ? chord.join(' ') : chord.join('+').replace(/Shift\+([a-z])$/, (_, key: string) => `Shift+${key.toUpperCase()}`);
    const once = `${group === 'On this page' ? mark : group} ${press}`;
    if (left.test(press) || known.has(once)) continue;
    const rows = await page.locator('main tbody tr, main [data-row]').count();
    if (group === 'Lists' && (rows === 0 || page.url().includes('/edit'))) continue;
    // Nobody goes back from the only row.
    if (group === 'Lists' && press === 'k' && rows < 2) continue;
    // Rows that lead nowhere are not opened, and those without a box not chosen.
    const needed = group === 'Lists' ? { Enter: 'main tbody a', x: 'main tbody :is(input[type="checkbox"], [role="checkbox"])' }[press] : undefined;
    if (needed !== undefined && (await page.locator(needed).count()) === 0) continue;
    known.add(once);
    await makeReady(page, group, press);
    const works = await pressKeys(page, press);
    await again();
    if (!works) faults.push(`key ${press} (${what}) does nothing`);
  }
  return faults;
}

async function opensHelp(page: Page, sheet: Locator): Promise<boolean> {
  await page.keyboard.press('?');
  return sheet.waitFor({ timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** What the key acts on: a step, a row, something opened. */
async function makeReady(page: Page, group: string, press: string): Promise<void> {
  const canvas = page.locator('.builder-canvas');
  if ((await canvas.count()) > 0) {
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
  }
  if (group === 'Lists' && needsRow.test(press)) for (const key of press === 'k' ? ['j', 'j'] : ['j']) await page.keyboard.press(key);
  if (press === 'Escape') await page.keyboard.press(']');
  if (press === 'Control+Shift+Z') await page.keyboard.press('Control+z');
}
