/** P9 of 09: the builder with 300 steps in a real browser. web/e2e measures, since the page and its made-up data are there. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measured } from '../proof/lib/proof.ts';

const script = join(import.meta.dirname, '..', '..', 'web', 'e2e', 'builder-bench.ts');

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 300_000 });
  const found = [...stdout.matchAll(/^(.+): (\d+) ms \(want <= (\d+)\) (ok|short)$/gm)];
  if (found.length === 0) log(stdout);
  return found.map(([, name, value, most, verdict]) => ({ figure: `${name}: ${value} ms`, want: `<= ${most} ms`, ok: verdict === 'ok' }));
}
