/** The controls of a page as a visitor meets them, and what pressing one does. */
import type { Page } from 'playwright-core';

export interface Control {
  /** Role, name and number among its likes: finds it again after a reload. */
  key: string;
  name: string;
  /** Of the frame around every page: the same everywhere. */
  frame: boolean;
}

/** What takes something away for good, answers for somebody, or leaves: not pressed. */
const destroys =
  /\b(delete|remove|revoke|withdraw|end|end all others|sign out|cancel run|cancel|archive|reject|approve|decline|reset|replace|disconnect|new address|publish|roll ?back|it failed|it is done)\b/i;

/** What pressing did: something a visitor sees; nothing; a reason told; no reason told; it is not there any more. */
export type Effect = 'something' | 'nothing' | 'told' | 'silent' | 'gone';

const selector =
  'button, summary, [role="button"], [role="tab"], [role="switch"], [role="combobox"], [role="menuitem"], input[type="checkbox"], input[type="radio"]';

/** Visible controls in order, those that destroy left out. */
export async function controlsIn(page: Page): Promise<Control[]> {
  const found = await page.evaluate((all) => {
    const counts = new Map<string, number>();
    return [...document.querySelectorAll<HTMLElement>(all)].flatMap((element) => {
      const box = element.getBoundingClientRect();
      if (
        box.width === 0 ||
        box.height === 0 ||
        !element.checkVisibility({ visibilityProperty: true }) ||
        element.closest('[inert], [aria-hidden="true"]')
      )
        return [];
      const labelled = element.getAttribute('aria-label') ?? element.closest('label')?.innerText ?? element.innerText;
      const name = (labelled || element.title || element.getAttribute('name') || element.id || element.tagName)
        .trim()
        .replace(/\s+/g, ' ')
        .slice(0, 60);
      const base = `${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${name}`;
      const nth = counts.get(base) ?? 0;
      counts.set(base, nth + 1);
      const key = `${base} ${nth}`;
      element.dataset['walk'] = key;
      const frame = element.closest('main, [role="dialog"], [role="menu"]') === null;
      return [{ key, name, frame }];
    });
  }, selector);
  return found.filter(({ name }) => !destroys.test(name));
}

/** What floats over the page: a dialog, a sheet, a menu, a list. */
export const popups = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Whether anything does. */
export async function stillOpen(page: Page): Promise<boolean> {
  return page.evaluate((all) => [...document.querySelectorAll<HTMLElement>(all)].some((element) => element.checkVisibility()), popups);
}

/** Presses a control and tells what a visitor would notice. */
export async function press(page: Page, { key }: Control): Promise<Effect> {
  await controlsIn(page);
  const target = page.locator(`[data-walk=${JSON.stringify(key)}]`).first();
  if ((await target.count()) === 0) return 'gone';
  const before = await target.evaluate((element: HTMLElement) => {
    const disabled = element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true';
    const why = element.title || element.querySelector('.sr-only')?.textContent || element.closest('[title]')?.getAttribute('title') || '';
    const seen = { changes: 0 };
    Object.assign(window, { hubWalk: seen });
    const observer = new MutationObserver((records) => {
      seen.changes += records.filter((record) => record.attributeName !== 'data-walk').length;
    });
    observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    // Choosing what is chosen already may well do nothing.
    const isChosen = ['aria-pressed', 'aria-checked', 'aria-selected'].some((name) => element.getAttribute(name) === 'true');
    return { disabled, why, checked: isChosen || (element as HTMLInputElement).checked };
  });
  if (before.disabled) return before.why.trim() === '' ? 'silent' : 'told';
  let noticed = 0;
  const note = (): void => void (noticed += 1);
  const events = ['request', 'filechooser', 'download', 'popup', 'dialog'] as const;
  for (const event of events) page.on(event as 'request', note);
  const url = page.url();
  try {
    // Long, for a machine that is busy: on a free one it is a matter of milliseconds.
    await target.click({ timeout: 15_000, noWaitAfter: true });
    // Popups load with their first opening: until nothing changes any more, or for so long.
    let changes = -1;
    for (let round = 0; round < 12; round++) {
      await page.waitForTimeout(120);
      const now = await page.evaluate(() => (window as unknown as { hubWalk?: { changes: number } }).hubWalk?.changes ?? -1).catch(() => -1);
      if (now === changes && round > 1) break;
      changes = now;
    }
    if (noticed > 0 || page.url() !== url) return 'something';
    const after = await page.evaluate(() => ({
      changes: (window as unknown as { hubWalk?: { changes: number } }).hubWalk?.changes ?? 1,
      invalid: document.activeElement?.matches(':invalid') ?? false,
    }));
    return after.changes > 0 || after.invalid || before.checked ? 'something' : 'nothing';
  } finally {
    for (const event of events) page.off(event as 'request', note);
  }
}
