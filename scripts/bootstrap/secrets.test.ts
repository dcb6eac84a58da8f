import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSecrets, parseSecrets, secretNames } from './secrets.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hub-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newFile = (): string => join(folder, `secrets-${(count += 1)}.env`);

describe('the secrets file', () => {
  it('is made at random by the first start, for its owner only', () => {
    const [one, two] = [newFile(), newFile()];
    const first = loadSecrets(one);
    const second = loadSecrets(two);
    expect(first.made).toBe(true);
    expect(Object.keys(first.secrets)).toEqual(secretNames);
    expect(statSync(one).mode & 0o777).toBe(0o600);
    const same = secretNames.filter((name) => first.secrets[name] === second.secrets[name]);
    expect(same).toEqual(['HUB_DEMO_EMAIL']);
  });

  it('holds keys of the sizes that the services ask for', () => {
    const { secrets } = loadSecrets(newFile());
    for (const name of ['HUB_SESSION_KEY', 'HUB_WEBHOOK_KEY', 'HUB_BLOB_KEY']) expect(Buffer.from(secrets[name] ?? '', 'base64')).toHaveLength(32);
    expect(secrets['HUB_CREDENTIAL_KEYS']).toMatch(/^k1:[A-Za-z0-9+/]{43}=$/);
    expect(secrets['HUB_DEMO_API_KEY']).toMatch(/^hub_[\w-]{43}$/);
  });

  it('is read again unchanged, and closed again where somebody opened it', () => {
    const file = newFile();
    const first = loadSecrets(file).secrets;
    chmodSync(file, 0o644);
    expect(loadSecrets(file)).toEqual({ secrets: first, made: false });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gains what a newer version added and keeps what a person added', () => {
    const file = newFile();
    writeFileSync(file, 'HUB_SESSION_KEY=mine\nHUB_CREDENTIAL_KEYS=k2:new=,k1:old=\nMY_OWN=1\n');
    const { secrets } = loadSecrets(file);
    expect(secrets).toMatchObject({ HUB_SESSION_KEY: 'mine', HUB_CREDENTIAL_KEYS: 'k2:new=,k1:old=', MY_OWN: '1' });
    expect(parseSecrets(readFileSync(file, 'utf8'))).toEqual(secrets);
    expect(secrets['HUB_BLOB_KEY']).toBeTruthy();
  });

  it('is never made anew under a database that needs the old one', () => {
    expect(() => loadSecrets(newFile(), { dataExists: true })).toThrow(/is gone, but the database it belongs to is there/);
  });
});
