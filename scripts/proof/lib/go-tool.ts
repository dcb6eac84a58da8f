/** Servers that exist as Go modules only: compiled once into the person's cache folder, like the Temporal CLI where it cannot be downloaded. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheBin, toolsDir } from '../../bootstrap/paths.mjs';
import { runCommand } from '../../bootstrap/run-command.mjs';
import { findGo } from '../../bootstrap/temporal-get.mjs';

export interface GoTool {
  /** Name of the binary in the cache; its version is added. */
  name: string;
  /** The package to install. */
  from: string;
  version: string;
}

/** Path of the binary; compiles it where there is none. Throws with what to do where that cannot be. */
export async function goTool({ name, from, version }: GoTool, log: (line: string) => void): Promise<string> {
  const target = join(cacheBin(), `${name}-${version}`);
  if (spawnSync(target, ['-version'], { stdio: 'ignore', timeout: 20_000 }).error === undefined) return target;
  const go = findGo();
  if (go === undefined)
    throw new Error(
      `This proof needs ${name} ${version}, which is compiled with Go, and there is no Go. Install Go >= 1.23 (https://go.dev/dl), or put the binary at ${target}.`,
    );
  log(`compiling ${name} ${version} with Go, once`);
  mkdirSync(cacheBin(), { recursive: true });
  const work = mkdtempSync(join(cacheBin(), 'getting-'));
  try {
    const env = { ...process.env, GOBIN: work, GOFLAGS: '-trimpath' };
    const logFile = join(toolsDir, 'logs', `${name}.log`);
    await runCommand(go, ['install', '-ldflags=-s -w', `${from}@${version}`], { env, logFile, what: `go install ${from}`, nice: 5 });
    const file = join(work, from.split('/').at(-1) ?? name);
    if (!existsSync(file)) throw new Error(`go install made no ${file}.`);
    renameSync(file, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
