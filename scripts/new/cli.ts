/** What `pnpm new` can make, and how it is asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newConnector } from './connector.ts';
import { newNode } from './node.ts';
import { newPage } from './page.ts';
import { type Names, Plan, Refusal, namesOf } from './plan.ts';
import { newRoute } from './route.ts';

interface Options {
  action?: string | undefined;
  access?: string | undefined;
}

/** What can be made. A new generator is one file and one line here. */
const generators: Record<string, { usage: string; fill: (plan: Plan, names: Names, options: Options) => void }> = {
  connector: { usage: 'connector <name> [--action <verb-noun>]   a vendor or source of data, with one action', fill: newConnector },
  node: { usage: 'node <kind>                               a kind of step that computes', fill: newNode },
  route: { usage: 'route <plural-noun> [--access <permission>] routes of the API, with one list', fill: newRoute },
  page: { usage: 'page <name>                               a page of the web app', fill: newPage },
};

const help = `pnpm new <what> <name> [--dry-run]\n\n${Object.values(generators)
  .map(({ usage }) => `  ${usage}`)
  .join('\n')}\n\nNames are lower-case words with hyphens: price-list.`;

/** Does what the arguments say; the words to print. Throws Refusal, or node's own TypeError for an unknown option, before anything is written. */
export function run(args: string[]): string {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean' },
      root: { type: 'string' },
      action: { type: 'string' },
      access: { type: 'string' },
    },
  });
  const [what = '', name = '', ...more] = positionals;
  if (values.help === true || what === '') {
    return help;
  }
  const generator = Object.hasOwn(generators, what) ? generators[what] : undefined;
  if (generator === undefined) throw new Refusal(`There is no generator "${what}".\n\n${help}`);
  if (name === '' || more.length > 0) throw new Refusal(`Give one name.\n\n${help}`);
  const root = resolve(values.root ?? fileURLToPath(new URL('../..', import.meta.url)));
  const plan = new Plan(root);
  generator.fill(plan, namesOf(name), values);
  const dry = values['dry-run'] === true;
  if (!dry) {
    plan.write();
    format(root, [...plan.made, ...plan.changed]);
  }
  return [
    dry ? `Would make ${what} ${name}:` : `Made ${what} ${name}:`,
    ...plan.made.map((file) => `  + ${file}`),
    ...plan.changed.map((file) => `  ~ ${file}`),
    'Next:',
    ...plan.next.map((step, at) => `  ${at + 1}. ${step}`),
  ].join('\n');
}

/** By the house's own formatter, so that a long name does not make a long line. */
function format(root: string, files: string[]): void {
  const biome = join(root, 'node_modules/.bin/biome');
  if (existsSync(biome)) spawnSync(biome, ['format', '--write', ...files.filter((file) => /\.tsx?$/.test(file))], { cwd: root, stdio: 'ignore' });
}
