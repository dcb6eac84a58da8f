/** `node scripts/docs/main.ts` writes docs/reference.md and .env.example; with `--check` it writes nothing and exits 1 where one is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generated } from './generated.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');
const stale = Object.entries(generated())
  .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text)
  .map(([file, text]) => {
    if (!check) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return file;
  });
for (const file of stale) console.log(check ? `${file} is stale: run node scripts/docs/main.ts` : `wrote ${file}`);
if (check && stale.length > 0) process.exitCode = 1;
