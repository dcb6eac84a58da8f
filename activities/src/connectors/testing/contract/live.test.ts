/** The calls for real vendors, on the stand-ins: they fit together and take away what they made. */
import { expect, it } from 'vitest';

import { findConnector } from '../../catalogue.ts';
import { contractKits } from './kits.ts';
import { runLive } from './live.ts';

/** Places that the stand-ins have. */
const places: Record<string, Record<string, string>> = {
  airtable: { LIVE_AIRTABLE_BASE: 'appOrders00000001', LIVE_AIRTABLE_TABLE: 'tblOrders00000001' },
  'google-drive': { LIVE_GOOGLE_FOLDER: 'folder-1' },
  'google-sheets': { LIVE_GOOGLE_SPREADSHEET: 'spreadsheet-1', LIVE_GOOGLE_SHEET: "Ada's orders" },
  notion: { LIVE_NOTION_PAGE: '00000000-0000-4000-8000-000000000012', LIVE_NOTION_DATABASE: '00000000-0000-4000-8000-000000000011' },
  slack: { LIVE_SLACK_CHANNEL: 'C1', LIVE_SLACK_EMAIL: 'ada@example.com' },
  http: { LIVE_HTTP_URL: 'https://api.example.com/items' },
  hubspot: { LIVE_HUBSPOT_COMPANY: '1' },
  salesforce: { LIVE_SALESFORCE_URL: 'https://acme.my.salesforce.com', LIVE_SALESFORCE_KEY: 'Number__c' },
};

/** Sheets cannot take a spreadsheet away again, so none is made. */
const leftOut = new Set(['google-sheets.create-spreadsheet']);

it.each(contractKits)('$connector: every action is called on the real vendor', ({ connector, live }) => {
  const called = new Set((live?.calls ?? []).map(({ action }) => action));
  const all = Object.keys(findConnector(connector)?.actions ?? {}).filter((action) => !leftOut.has(`${connector}.${action}`));
  expect([...called].toSorted()).toEqual(all.toSorted());
});

it.each(Object.keys(places))('%s: every call for the real vendor holds', async (connector) => {
  const kit = contractKits.find((one) => one.connector === connector);
  if (kit?.live === undefined) throw new Error('no live run');
  const world = await kit.world();
  try {
    const tokens = Object.fromEntries(Object.keys(kit.live.variables).map((name) => [name, 'good-token']));
    const { passed, failed } = await runLive(kit, kit.live, { ...tokens, ...places[connector] }, world.http);
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(kit.live.calls.length * 2);
  } finally {
    await world.close();
  }
});
