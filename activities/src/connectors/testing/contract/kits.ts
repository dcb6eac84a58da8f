/** Every connector whose vendor has a stand-in, for whoever runs all their contracts at once. Adding one: a line. */
import { dataKit } from '../../data/testing/kit.ts';
import { emailKit } from '../../email/testing/kit.ts';
import { fileKit } from '../../file/testing/kit.ts';
import { httpKit } from '../../http/testing/kit.ts';
import { airtableKit } from '../../airtable/testing/kit.ts';
import { driveKit } from '../../google-drive/testing/kit.ts';
import { sheetsKit } from '../../google-sheets/testing/kit.ts';
import { hubspotKit } from '../../hubspot/testing/kit.ts';
import { notionKit } from '../../notion/testing/kit.ts';
import { salesforceKit } from '../../salesforce/testing/kit.ts';
import { slackKit } from '../../slack/testing/kit.ts';
import type { OwnKit } from './own-suite.ts';
import type { ContractKit } from './suite.ts';

export const contractKits: readonly ContractKit[] = [airtableKit, driveKit, sheetsKit, httpKit, hubspotKit, notionKit, salesforceKit, slackKit];

/** Connectors without a vendor: what they reach is files, rows, and the mail server of whoever uses them. */
export const ownKits: readonly OwnKit[] = [dataKit, emailKit, fileKit];
