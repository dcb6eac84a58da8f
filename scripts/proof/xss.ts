/** S8: 120 hostile texts in every field of people, vendors and models, on every page, in a real browser. `--only=<part of a page's name>`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { closingLine, type Measured } from './lib/proof.ts';

/** What web/e2e/xss.ts gives. Its code belongs to the browser's world (dom types), so it is loaded by path. */
interface XssFigures {
  strings: number;
  pages: number;
  places: number;
  executed: string[];
  violations: string[];
  remote: string[];
  broken: string[];
}

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const web = join(import.meta.dirname, '..', '..', 'web');
  const dist = join(web, 'dist');
  if (!existsSync(join(dist, 'server'))) throw new Error('The pages are not built yet: run `pnpm --filter @hub/web build` first.');
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length) ?? '';
  const { tryXss } = (await import(pathToFileURL(join(web, 'e2e', 'xss.ts')).href)) as {
    tryXss: (log: (line: string) => void, only: string, dist: string) => Promise<XssFigures>;
  };
  const { strings, pages, places, executed, violations, remote, broken } = await tryXss(log, only, dist);
  // A port per round: the same fault is told once.
  const told = new Set([...executed, ...remote, ...broken, ...violations].map((line) => line.replaceAll(/127\.0\.0\.1:\d+/g, 'hub')));
  for (const line of [...told].slice(0, 60)) log(line);
  return {
    figure: `${strings} texts in ${places} places of ${pages} pages: ${executed.length} executed, ${violations.length} refused by the CSP, ${remote.length} loaded from elsewhere, ${broken.length} pages broken`,
    want: '120 texts, 0, 0, 0, 0',
    ok: strings === 120 && [executed, violations, remote, broken].every((list) => list.length === 0) && places > 0,
  };
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('xss', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
