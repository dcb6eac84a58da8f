// What each process of the hub is told, and nothing else: the contract of scripts/bootstrap/README.md as code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LauncherError } from './errors.mjs';
import { root, toolsDir } from './paths.mjs';
import { secretNames } from './secrets.mjs';
import { toolEnvironment } from './toolchain.mjs';

/**
 * @typedef {'api' | 'worker' | 'migrate' | 'seed' | 'example' | 'rebuild'} HubProcess
 * @typedef {Record<string, string>} Values
 * @typedef {{ app: string, auth: string, owner: string }} DatabaseUrls
 */

const both = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'HUB_URL',
  'HUB_CREDENTIAL_KEYS',
  'HUB_WEBHOOK_KEY',
  'HUB_BLOB_KEY',
  'HUB_CODEC_KEYS',
  'HUB_CODEC',
  'HUB_DATA',
  'HUB_OUTBOUND_ALLOW',
  'SMTP_URL',
  'DATABASE_URL',
];
const demo = ['HUB_DEMO_EMAIL', 'HUB_DEMO_PASSWORD', 'HUB_DEMO_API_KEY'];

/** @type {Record<HubProcess, string[]>} */
const needs = {
  api: [
    ...both,
    'DATABASE_AUTH_URL',
    'TEMPORAL_UI_URL',
    'HUB_HOST',
    'PORT',
    'HUB_SESSION_KEY',
    'HUB_LAUNCHER_TOKEN',
    'HUB_DEMO_EMAIL',
    'HUB_WEB_DIST',
    'HUB_MODEL_KEYS',
  ],
  worker: [...both, 'TEMPORAL_UI_URL', 'HUB_WORKFLOW_BUNDLE', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY'],
  migrate: ['DATABASE_OWNER_URL'],
  rebuild: ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'HUB_CODEC_KEYS'],
  seed: [...demo, 'DATABASE_OWNER_URL'],
  example: [...demo, 'HUB_URL', 'HUB_LAUNCHER_TOKEN', 'HUB_DATA', 'TEMPORAL_UI_URL', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY'],
};

/** Every name the contract speaks of: none reaches a process that does not need it. */
const known = new Set([...Object.values(needs).flat(), ...secretNames, 'HUB_LAUNCHER_OUTER']);

/**
 * Environment of one process: the person's own variables, minus every name of the contract, plus the names this process needs.
 * @param {HubProcess} name
 * @param {Values} values
 * @param {NodeJS.ProcessEnv} [outer]
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(name, values, outer = process.env) {
  const rest = Object.entries(toolEnvironment(outer)).filter(([key]) => !known.has(key) && !key.startsWith('TEMPORAL_'));
  const given = needs[name].filter((key) => values[key] !== undefined && values[key] !== '').map((key) => [key, values[key]]);
  // Compiled code is kept between starts: a third of the start of api and worker.
  return { NODE_COMPILE_CACHE: join(toolsDir, 'compile-cache'), ...Object.fromEntries([...rest, ...given]) };
}

/**
 * All values of one installation.
 * @param {{ secrets: Values, ports: import('./ports.mjs').Ports, database: DatabaseUrls, data: string, webFolder?: string | undefined, bundle?: string | undefined, outer?: NodeJS.ProcessEnv }} input
 * @returns {Values}
 */
export function hubValues({ secrets, ports, database, data, webFolder, bundle, outer = process.env }) {
  const passedOn = ['HUB_URL', 'HUB_HOST', 'HUB_OUTBOUND_ALLOW', 'SMTP_URL', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'HUB_CODEC'];
  // Which keys there are, without the keys: the API only says so.
  const modelKeys = ['openai', 'anthropic'].filter((name) => outer[`${name.toUpperCase()}_API_KEY`]).join(',');
  const given = Object.fromEntries(passedOn.flatMap((name) => (outer[name] ? [[name, outer[name]]] : [])));
  return {
    ...secrets,
    HUB_URL: `http://localhost:${ports.app}`,
    HUB_HOST: '127.0.0.1',
    // The Temporal Web UI of one's own machine shows what runs carry; HUB_CODEC=on turns it round.
    HUB_CODEC: 'off',
    ...given,
    ...(modelKeys === '' ? {} : { HUB_MODEL_KEYS: modelKeys }),
    PORT: String(ports.app),
    DATABASE_URL: database.app,
    DATABASE_AUTH_URL: database.auth,
    DATABASE_OWNER_URL: database.owner,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}`,
    HUB_DATA: data,
    ...(webFolder ? { HUB_WEB_DIST: webFolder } : {}),
    ...(bundle ? { HUB_WORKFLOW_BUNDLE: bundle } : {}),
  };
}

/**
 * The person's own database, when DATABASE_URL names one: then all three roles must be named.
 * @param {NodeJS.ProcessEnv} env
 * @returns {DatabaseUrls | undefined}
 */
export function ownDatabase(env = process.env) {
  if (!env.DATABASE_URL) return undefined;
  const { DATABASE_URL: app, DATABASE_AUTH_URL: auth, DATABASE_OWNER_URL: owner } = env;
  if (auth && owner) return { app, auth, owner };
  const missing = [...(auth ? [] : ['DATABASE_AUTH_URL']), ...(owner ? [] : ['DATABASE_OWNER_URL'])].join(' and ');
  throw new LauncherError(
    `DATABASE_URL names your own PostgreSQL, but ${missing} is not set.`,
    'Unset DATABASE_URL to use the built-in one; or make the three roles as scripts/bootstrap/README.md ("A PostgreSQL of your own") shows and set all three.',
  );
}

/** Reads `.env` in the root, if there is one, under what the environment already says. */
export function loadDotEnv() {
  const file = join(root, '.env');
  if (!existsSync(file)) return;
  for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) process.env[name] ??= value;
}
