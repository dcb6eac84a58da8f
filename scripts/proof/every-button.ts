/** Every route, link and control of the seeded hub in a real browser, at two widths and in two themes, by mouse and by keyboard. `--only=390` or `--only=dark`, `--route=/runs`: a part of it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchHub } from '../bootstrap/launched-hub.mjs';
import { keepHub } from './lib/kept.ts';
import type { Measured } from './lib/proof.ts';

/** What web/e2e/every-button.ts gives. Its code belongs to the browser's world (dom types), so it is loaded by path. */
interface Walked {
  pages: number;
  controls: number;
  keys: number;
  links: number;
  busy: number;
  faults: string[];
}
interface Walk {
  walkEveryButton: (
    hub: { url: string; demoFile: string } | undefined,
    log: (line: string) => void,
    part: { view?: string | undefined; route?: string | undefined },
  ) => Promise<Walked>;
}

const option = (args: readonly string[], name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

export async function run(log: (line: string) => void, args: string[]): Promise<Measured> {
  const path = join(import.meta.dirname, '..', '..', 'web', 'e2e', 'every-button.ts');
  const { walkEveryButton } = (await import(pathToFileURL(path).href)) as Walk;
  // The hub that is running already (HUB_E2E_URL, HUB_E2E_DEMO), or one of its own, whose rate limits do not bite: nobody clicks as fast as the walk, and `floods` proves them.
  const env = { ...process.env, HUB_RATE_PER_MINUTE: '1000000' };
  const own = process.env['HUB_E2E_URL'] === undefined ? await launchHub({ env, onSpawn: keepHub }) : undefined;
  try {
    const walked = await walkEveryButton(own, log, { view: option(args, 'only'), route: option(args, 'route') });
    const faults = new Set(walked.faults).size;
    return {
      figure: `${walked.pages} pages, ${walked.controls} controls, ${walked.keys} keys, ${walked.links} links, ${faults} faults${walked.busy > 0 ? ` (the hub was too busy ${walked.busy} times; each was tried again)` : ''}`,
      want: '0 faults',
      ok: faults === 0 && walked.pages > 0,
    };
  } finally {
    await own?.stop();
  }
}
