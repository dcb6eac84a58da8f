import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFake } from '../fake/main.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, shiftOf, sideways, watchedPage } from './page-checks.ts';

let browser: Browser;
let fake: Awaited<ReturnType<typeof startFake>>;
beforeAll(async () => {
  [browser, fake] = await Promise.all([openBrowser(), startFake(0)]);
});
afterAll(async () => {
  await browser?.close();
  await fake?.close();
});

async function gallery(width: number, colorScheme: 'light' | 'dark'): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  await context.addCookies([{ name: 'fake', value: 'owner', url: fake.url }]);
  const watched = await watchedPage(context);
  await watched.page.goto(`${fake.url}/dev/ui`);
  await watched.page.locator('html[data-ready]').waitFor();
  return watched;
}

/** Elements reached by Tab that show no focus: neither they nor what stands for them has an outline. */
async function hiddenFocus(page: Page, presses: number): Promise<string[]> {
  const hidden: string[] = [];
  for (let at = 0; at < presses; at++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const active = document.activeElement;
      if (!active || active === document.body) return null;
      const outlined = [active, active.parentElement, active.nextElementSibling, active.closest('.cm-editor')?.parentElement].some((each) => {
        if (!each) return false;
        const style = getComputedStyle(each);
        return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
      });
      // A field shows it by its frame.
      const framed = active.matches('textarea, .cm-content');
      return outlined || framed ? null : active.outerHTML.slice(0, 120);
    });
    if (found) hidden.push(found);
  }
  return hidden;
}

describe('every component', () => {
  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'dark'],
  ] as const)
    it(`is axe clean, quiet, still and shows its focus at ${width} px, ${scheme}`, async () => {
      const { page, faults } = await gallery(width, scheme);
      await page.evaluate(() => document.fonts.ready);
      await page.locator('.recharts-surface').first().waitFor();
      await page.locator('.cm-editor').first().waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      expect(await shiftOf(page)).toBeLessThanOrEqual(0.02);
      expect(await hiddenFocus(page, 60)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    });

  it('works by keyboard: select, combobox, menu, dialog', async () => {
    const { page } = await gallery(1280, 'light');
    const role = page.getByRole('combobox', { name: /^Role/ }).first();
    await role.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /Viewer/ }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => role.innerText()).toBe('Viewer');

    const zone = page.getByRole('combobox', { name: /^Time zone/ }).first();
    await zone.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('tok');
    await page.getByRole('option', { name: 'Europe/Berlin' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expect.poll(() => zone.innerText()).toBe('Asia/Tokyo');

    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Duplicated', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Open a dialog' }).click();
    await page.getByRole('dialog', { name: 'Restore version 3' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('what is chosen from a vendor', () => {
  const tableOf = (page: Page, state: string) => page.locator(`section[aria-label="Vendor: ${state}"]`).getByRole('combobox', { name: /^Table/ });

  it('is searched, paged and chosen by keyboard, and becomes an expression and back', async () => {
    const { page, faults } = await gallery(1280, 'dark');
    const table = tableOf(page, 'found');
    await table.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^Orders/ }).waitFor();
    expect(await page.getByRole('option').count()).toBe(50);
    await page.getByRole('option').last().scrollIntoViewIfNeeded();
    await page.getByRole('option', { name: /^Table 60/ }).waitFor();
    expect(await axeFaults(page, '[role="dialog"]')).toEqual([]);
    await page.getByRole('combobox', { name: 'Search' }).fill('table 117');
    await page.getByRole('option', { name: /^Table 117/ }).waitFor();
    await page.getByRole('option', { name: /^Table 60/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expect.poll(() => table.innerText()).toBe('Table 117');
    const form = page.locator('section[aria-label="Vendor: found"]');
    await table.click();
    await page.getByRole('button', { name: 'Use an expression' }).click();
    const expression = form.getByRole('textbox', { name: /^Table/ });
    await expect.poll(() => expression.inputValue()).toBe('tbl117');
    await form.getByRole('button', { name: 'Table as an expression' }).click();
    await expect.poll(() => table.innerText()).toBe('Table 117');
    expect(await form.getByRole('textbox', { name: /^customer/ }).inputValue()).toBe('Ada');
    expect(await form.getByRole('textbox', { name: /^colour/ }).inputValue()).toBe('green');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says that there is nothing, that the vendor is away, that a credential is missing; what was chosen stays and anything may be typed', async () => {
    const { page } = await gallery(1280, 'light');
    await tableOf(page, 'nothing there').click();
    await page.getByText('There is nothing to choose from yet.').waitFor();
    await page.getByRole('combobox', { name: 'Search' }).fill('orders_old');
    await page.getByRole('option', { name: 'Use "orders_old"' }).click();
    await expect.poll(() => tableOf(page, 'nothing there').innerText()).toBe('orders_old');
    await tableOf(page, 'away').click();
    await page.getByRole('dialog').getByRole('alert').getByText('did not answer within 20 s').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await tableOf(page, 'away').innerText()).toBe('orders');
    await tableOf(page, 'no credential').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Open connections' }).waitFor();
    await page.context().close();
  });
});

describe('the form', () => {
  it('completes names in braces, takes a dropped name as an expression, and says the faults at their fields', async () => {
    const { page, faults } = await gallery(1280, 'light');
    const value = page.locator('section[aria-label="Output"]').getByRole('textbox', { name: /^Value/ });
    await value.fill('');
    await value.pressSequentially('Score {{ score');
    await page.getByRole('option', { name: /input\.score/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => value.inputValue()).toBe('Score {{ input.score }}');

    const request = page.locator('section[aria-label="HTTP: HTTP request"]');
    const method = request.getByRole('combobox', { name: /^Method/ });
    const expression = request.getByRole('textbox', { name: /^Method/ });
    const dragged = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.setData('text/x-hub-expression', 'input.method');
      return data;
    });
    await method.dispatchEvent('drop', { dataTransfer: dragged });
    await expect.poll(() => expression.inputValue()).toBe('{{ input.method }}');
    await request.getByRole('button', { name: 'Method as an expression' }).click();
    await expect.poll(() => method.innerText()).toBe('GET');

    const port = page.locator('section[aria-label="Switch"]').getByLabel(/^Way/).nth(1);
    expect(await port.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('Two cases have the port "urgent". Give each its own.').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
