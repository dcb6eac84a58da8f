/** The servers of the int tests, as scripts/bootstrap/test-stack.mjs names them. */
export function testUrls(): { owner: string; app: string; auth: string } {
  const { TEST_DATABASE_OWNER_URL: owner, TEST_DATABASE_APP_URL: app, TEST_DATABASE_AUTH_URL: auth } = process.env;
  if (!owner || !app || !auth) throw new Error('The test servers are not there: run this through vitest with --project int.');
  return { owner, app, auth };
}
