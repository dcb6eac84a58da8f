// Every key and password of one installation, made at random by the first start and kept in one file that only its owner may read.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { LauncherError } from './errors.mjs';

/** @typedef {Record<string, string>} Secrets */

const key = () => randomBytes(32).toString('base64');
const password = () => randomBytes(24).toString('base64url');

/** @type {Record<string, () => string>} */
const makers = {
  HUB_DB_SUPERUSER_PASSWORD: password,
  HUB_DB_OWNER_PASSWORD: password,
  HUB_DB_APP_PASSWORD: password,
  HUB_DB_AUTH_PASSWORD: password,
  HUB_SESSION_KEY: key,
  HUB_CREDENTIAL_KEYS: () => `k1:${key()}`,
  HUB_WEBHOOK_KEY: key,
  HUB_BLOB_KEY: key,
  HUB_CODEC_KEYS: () => `k1:${key()}`,
  HUB_LAUNCHER_TOKEN: password,
  HUB_DEMO_EMAIL: () => 'demo@example.com',
  HUB_DEMO_PASSWORD: password,
  HUB_DEMO_API_KEY: () => `hub_${randomBytes(32).toString('base64url')}`,
};

/** Names of all values in the file. */
export const secretNames = Object.keys(makers);

/**
 * @param {string} text of a secrets file
 * @returns {Secrets}
 */
export function parseSecrets(text) {
  /** @type {Secrets} */
  const secrets = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match?.[1] !== undefined && match[2] !== undefined) secrets[match[1]] = match[2];
  }
  return secrets;
}

/**
 * Reads the file, or makes it. A name that a newer version added is made and written too; what stands there is never changed.
 * @param {string} file
 * @param {{ dataExists?: boolean }} [options] dataExists: there is a database already, whose passwords and ciphertexts need the old file
 * @returns {{ secrets: Secrets, made: boolean }}
 */
export function loadSecrets(file, { dataExists = false } = {}) {
  const there = existsSync(file);
  if (!there && dataExists) {
    throw new LauncherError(
      `${file} is gone, but the database it belongs to is there: its passwords and its stored credentials cannot be read without it.`,
      'Put the file back, or throw the data away with npm run reset and type npm start again.',
    );
  }
  const secrets = there ? parseSecrets(readFileSync(file, 'utf8')) : {};
  const missing = secretNames.filter((name) => !secrets[name]);
  for (const name of missing) secrets[name] = /** @type {() => string} */ (makers[name])();
  if (missing.length > 0) writeSecrets(file, secrets);
  // Somebody's copy or editor may have opened it up.
  chmodSync(file, 0o600);
  return { secrets, made: !there };
}

/**
 * @param {string} file
 * @param {Secrets} secrets
 */
function writeSecrets(file, secrets) {
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  const text = `# Made at random by the first npm start. Whoever reads this file is the hub. Lost file = stored credentials cannot be read again.\n${lines.join('\n')}\n`;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
