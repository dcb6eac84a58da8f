/** Every connector whose vendor has a stand-in, for whoever runs all their contracts at once. Adding one: a line. */
import { airtableKit } from '../../airtable/testing/kit.ts';
import { driveKit } from '../../google-drive/testing/kit.ts';
import { sheetsKit } from '../../google-sheets/testing/kit.ts';
import { hubspotKit } from '../../hubspot/testing/kit.ts';
import { notionKit } from '../../notion/testing/kit.ts';
import { salesforceKit } from '../../salesforce/testing/kit.ts';
import { slackKit } from '../../slack/testing/kit.ts';
import type { ContractKit } from './suite.ts';

export const contractKits: readonly ContractKit[] = [airtableKit, driveKit, sheetsKit, hubspotKit, notionKit, salesforceKit, slackKit];
