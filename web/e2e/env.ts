/** What browser tests are told from outside, and the only place here that asks: the hub they look at, and where a browser is. */

/** Where the hub under test answers, and its demo.json; not set: a test that needs one says so (`needed`). */
export const hubUrl = (): string | undefined => process.env['HUB_E2E_URL'];
export const launcherToken = (): string | undefined => process.env['HUB_E2E_LAUNCHER_TOKEN'];
export const chromiumPath = (): string | undefined => process.env['CHROMIUM_PATH'];
export const searchPath = (): string => process.env['PATH'] ?? '';

/** @throws Error with what to do */
export function needed(name: 'HUB_E2E_URL' | 'HUB_E2E_DEMO'): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set: run \`npm test\`, or start the hub with \`npm start\` and set HUB_E2E_URL and HUB_E2E_DEMO=.data/demo.json.`,
    );
  return value;
}
