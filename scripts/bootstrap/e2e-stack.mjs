// vitest globalSetup of the project `e2e`: the whole hub, started by the launcher itself as a newcomer would start it.
import { launchHub } from './launched-hub.mjs';

/** @type {import('./launched-hub.mjs').LaunchedHub | undefined} */
let hub;

/** Starts the hub; the tests find it by HUB_E2E_URL and HUB_E2E_DEMO (path of its demo.json). */
export async function setup() {
  hub = await launchHub();
  Object.assign(process.env, { HUB_E2E_URL: hub.url, HUB_E2E_DEMO: hub.demoFile });
}

/** vitest's counterpart of `setup`. */
export async function teardown() {
  await hub?.stop();
}
