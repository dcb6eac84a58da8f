/**
 * P9: the builder with 300 steps in a real browser, on made-up data: first paint, the canvas ready to be worked on, long tasks while dragging, typing and moving the view, time of a save.
 * `painted`: a frame in which the cards stand with their names (drawn by the server; the browser's own time of the frame after they are in the page). `ready`: the card is one of the live canvas.
 * Prints `name: figure (want …) ok|short`.
 */
import type { Page } from 'playwright-core';
import { startFake } from '../fake/main.ts';
import { uuid } from '../fake/store.ts';
import { openBrowser } from './browser.ts';

export interface Figure {
  name: string;
  value: number;
  unit: 'ms';
  most: number;
}

const rounds = 3;
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { longest: 0 };
    Object.assign(window, { hubTasks: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration);
    }).observe({ type: 'longtask' });
  });
}

const longest = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { hubTasks } = window as unknown as { hubTasks: { longest: number } };
    const found = hubTasks.longest;
    hubTasks.longest = 0;
    return found;
  });

/** Writes down when the first card is in the page with its name, seen or not yet, and when that frame was shown. */
function watchCards(): void {
  const look = (): void => {
    const card = [...document.querySelectorAll('[data-picture] span, .react-flow__node span')].find(
      (each) => each.textContent === 'Account 0, part 0',
    );
    const box = card?.getBoundingClientRect();
    if (!box || box.width === 0 || box.x > window.innerWidth || box.y > window.innerHeight || performance.getEntriesByType('paint').length === 0) {
      requestAnimationFrame(look);
      return;
    }
    requestAnimationFrame(() => setTimeout(() => performance.mark('cards-painted')));
  };
  requestAnimationFrame(look);
}

async function once(page: Page, url: string): Promise<{ paint: number; ready: number; drag: number; view: number; type: number; save: number }> {
  await page.addInitScript(watchCards);
  const from = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.react-flow__node[data-id="s0_0"]').waitFor();
  const ready = performance.now() - from;
  // From the request on: the browser's clock begins with the navigation.
  const paint = await page.evaluate(() => performance.getEntriesByName('cards-painted')[0]?.startTime ?? Number.NaN);
  await page.waitForTimeout(1500);
  await watchTasks(page);
  const card = page.locator('.react-flow__node[data-id="s1_1"]');
  const box = await card.boundingBox();
  if (!box) throw new Error('the step to drag is not in sight');
  await page.mouse.move(box.x + 60, box.y + 10);
  await page.mouse.down();
  for (let step = 1; step <= 60; step++) await page.mouse.move(box.x + 60 + step * 2, box.y + 10 + step);
  const drag = await longest(page);
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.mouse.up();
  const answer = await saved;
  await answer.finished();
  const timing = answer.request().timing();
  const name = page.getByLabel('Name of the step');
  await name.waitFor();
  await page.waitForTimeout(600);
  await longest(page);
  await name.fill('');
  await name.pressSequentially('Account with a new name', { delay: 15 });
  const type = await longest(page);
  await page.keyboard.press('Escape');
  await page.mouse.move(box.x + 300, box.y + 300);
  for (let step = 0; step < 30; step++) await page.mouse.wheel(20, 40);
  return { paint, ready, drag, view: await longest(page), type, save: timing.responseEnd };
}

/** Measures `rounds` times and gives the medians. */
export async function measureBuilder(dist?: string): Promise<Figure[]> {
  const fake = await startFake(0, dist);
  const browser = await openBrowser();
  try {
    const found = [];
    for (let round = 0; round <= rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.addCookies([{ name: 'fake', value: 'owner', url: fake.url }]);
      const page = await context.newPage();
      const one = await once(page, `${fake.url}/workflows/${uuid(0x300)}/edit`);
      // The first round warms the server.
      if (round > 0) found.push(one);
      await context.close();
    }
    return [
      { name: 'builder 300 steps, cards painted', value: median(found.map(({ paint }) => paint)), unit: 'ms', most: 1500 },
      { name: 'builder 300 steps, canvas ready', value: median(found.map(({ ready }) => ready)), unit: 'ms', most: 1500 },
      { name: 'builder 300 steps, longest task while dragging', value: median(found.map(({ drag }) => drag)), unit: 'ms', most: 50 },
      { name: 'builder 300 steps, longest task while scrolling the canvas', value: median(found.map(({ view }) => view)), unit: 'ms', most: 50 },
      { name: 'builder 300 steps, longest task while typing', value: median(found.map(({ type }) => type)), unit: 'ms', most: 50 },
      { name: 'builder 300 steps, save', value: median(found.map(({ save }) => save)), unit: 'ms', most: 200 },
    ];
  } finally {
    await browser.close();
    await fake.close();
  }
}

if (import.meta.main)
  for (const { name, value, unit, most } of await measureBuilder(process.argv[2]))
    console.log(`${name}: ${Math.round(value)} ${unit} (want <= ${most}) ${value <= most ? 'ok' : 'short'}`);
