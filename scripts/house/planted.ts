/** Small trees with planted breaks, in a folder of the system's own, for tests of the walls. Nothing is ever planted in the real tree. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PlantedTree {
  dir: string;
  /** Writes a file, making its folders. */
  put(file: string, text: string): void;
  /** Copies files of the repository to the same places. */
  copy(...files: string[]): void;
  /** Makes `link` in the tree point at `target`, a whole path. */
  link(target: string, link: string): void;
  /** Runs a tool of the repository's node_modules/.bin in the tree. */
  run(tool: string, args: string[], env?: Record<string, string>): { code: number; output: string; stdout: string };
  remove(): void;
}

/** An empty folder with package.json; call `remove` afterwards. */
export function plantTree(name: string): PlantedTree {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), `hub-${name}-`)));
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  put('package.json', '{ "name": "planted", "private": true, "type": "module" }\n');
  return {
    dir,
    put,
    copy: (...files) => {
      for (const file of files) cpSync(join(root, file), join(dir, file), { recursive: true });
    },
    link: (target, link) => {
      mkdirSync(dirname(join(dir, link)), { recursive: true });
      symlinkSync(target, join(dir, link));
    },
    run: (tool, args, env = {}) => {
      const done = spawnSync(join(root, 'node_modules/.bin', tool), args, {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, ...env },
        maxBuffer: 50_000_000,
      });
      return { code: done.status ?? -1, stdout: done.stdout, output: `${done.stdout}${done.stderr}` };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
