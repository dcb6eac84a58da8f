/**
 * P10: from the commit of a step's state to the DOM of a viewer, with many viewers of one run on a real hub. Most viewers are plain WebSocket clients; some are real pages, which are measured.
 * An event carries the database's clock as it was written, just before its commit, on the same machine: the figure includes the commit.
 */
import type { LiveFrame } from '@hub/contract';
import type { BrowserContext, Page } from 'playwright-core';
import WebSocket from 'ws';
import { openBrowser } from './browser.ts';

export interface LiveHub {
  url: string;
  apiKey: string;
  /** A one-time link that signs a person in. */
  signInLink: (path: string) => Promise<string>;
  /** Starts the run that is looked at; called when all is ready to look. */
  start: () => Promise<string>;
  /** Lets the run go on, and ends when it has. */
  goOn: (run: string) => Promise<void>;
}

export interface LiveFigures {
  /** ms from the event's time to each page's DOM. */
  dom: number[];
  /** ms from the event's time to each plain viewer. */
  wire: number[];
  /** States that a page never showed. */
  missed: number;
  viewers: number;
}

type StepEvent = Extract<LiveFrame, { type: 'event' }>;
const shown = new Set(['step.completed']);

/** Writes down when each step was first seen completed. */
function watchStates(): void {
  const seen: Record<string, number> = {};
  Object.assign(window, { hubSeen: seen });
  const look = (): void => {
    for (const card of document.querySelectorAll<HTMLElement>('.react-flow__node')) {
      const id = card.dataset['id'];
      if (id !== undefined && card.getAttribute('aria-label')?.endsWith('completed')) seen[id] ??= performance.timeOrigin + performance.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] });
}

async function openPages(context: BrowserContext, hub: LiveHub, run: string, count: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let n = 0; n < count; n++) {
    const page = await context.newPage();
    await page.addInitScript(watchStates);
    await page.goto(n === 0 ? await hub.signInLink(`/runs/${run}`) : `${hub.url}/runs/${run}`);
    await page.locator('.react-flow__node').first().waitFor({ timeout: 60_000 });
    pages.push(page);
  }
  return pages;
}

/** Opens a plain viewer; resolves when it has what has happened so far. */
function openViewer(hub: LiveHub, run: string, heard: (event: StepEvent, at: number) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live?run=${run}&lastSeq=0`, {
    headers: { authorization: `Bearer ${hub.apiKey}` },
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as LiveFrame;
      if (frame.type === 'ready') resolve(socket);
      else if (frame.type === 'event') heard(frame, Date.now());
    });
  });
}

/** Looks at one run with `viewers` viewers, `pages` of them real pages. */
export async function measureLive(hub: LiveHub, viewers: number, pages: number, log: (line: string) => void): Promise<LiveFigures> {
  const browser = await openBrowser();
  const sockets: WebSocket[] = [];
  try {
    const run = await hub.start();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const opened = await openPages(context, hub, run, pages);
    const wire: number[] = [];
    const events = new Map<string, number>();
    let counting = false;
    for (let n = 0; n < viewers - pages; n++)
      sockets.push(
        await openViewer(hub, run, (event, at) => {
          if (!counting) return;
          wire.push(at - Date.parse(event.at));
          if (shown.has(event.event) && event.nodeId !== null) events.set(event.nodeId, Date.parse(event.at));
        }),
      );
    log(`${sockets.length} plain viewers and ${opened.length} pages look at run ${run}`);
    counting = true;
    await hub.goOn(run);
    // What is on its way to the pages when the run ends still counts, up to the time after which nobody would wait.
    const last = [...events.keys()].at(-1) ?? '';
    for (const page of opened)
      await page.waitForFunction((id) => id in (window as unknown as { hubSeen: object }).hubSeen, last, { timeout: 10_000 }).catch(() => undefined);
    const dom: number[] = [];
    let missed = 0;
    for (const page of opened) {
      const seen = await page.evaluate(() => (window as unknown as { hubSeen: Record<string, number> }).hubSeen);
      for (const [id, at] of events) {
        const found = seen[id];
        if (found === undefined) missed++;
        else dom.push(found - at);
      }
    }
    return { dom, wire, missed, viewers };
  } finally {
    for (const socket of sockets) socket.terminate();
    await browser.close();
  }
}
