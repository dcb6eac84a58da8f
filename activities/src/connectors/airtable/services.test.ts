import { expect, it } from 'vitest';

import { missingScopes } from '../scopes.ts';
import type { ServiceContext } from '../types.ts';
import { airtableServices } from './services.ts';
import { airtableKit, dataOf, placeOf } from './testing/kit.ts';
import type { World } from '../testing/contract/suite.ts';

async function asked<T>(use: (context: ServiceContext, world: World) => Promise<T>, more: Partial<ServiceContext> = {}): Promise<T> {
  const world = await airtableKit.world();
  try {
    return await use(
      { params: placeOf(world), credential: airtableKit.credential, http: world.http, signal: AbortSignal.timeout(120_000), ...more },
      world,
    );
  } finally {
    await world.close();
  }
}

const labels = (page?: { items: { label: string }[] }): string[] => (page?.items ?? []).map(({ label }) => label);

it('names bases page by page, tables, views and fields to choose from', async () => {
  const { resources = {} } = airtableServices;
  const first = await asked((context) => resources['bases']!(context));
  expect([labels(first), first.nextCursor]).toEqual([['Orders', 'Other'], '2']);
  expect(labels(await asked((context) => resources['bases']!(context), { cursor: '2' }))).toEqual(['Third']);
  expect(labels(await asked((context) => resources['tables']!(context)))).toEqual(['Orders & new?']);
  expect(labels(await asked((context) => resources['views']!(context)))).toEqual(['All']);
  expect(labels(await asked((context) => resources['fields']!(context), { search: 'na' }))).toEqual(['Name']);
});

it('describes a row without the fields that Airtable fills itself', async () => {
  const schema = await asked((context) => airtableServices.fields!(context));
  expect(schema['properties']).toEqual({
    Number: { type: 'number' },
    Name: { type: 'string' },
    Status: { type: 'string', enum: ['open', 'sent'] },
    Paid: { type: 'boolean' },
  });
});

it('names the scopes that a token lacks, also where Airtable does not list them', async () => {
  const scopesOf = (oauth: boolean) =>
    asked(async (context, world) => {
      const data = dataOf(world);
      data.oauth = oauth;
      data.scopes.delete('schema.bases:read');
      const { scopes } = await airtableServices.test(context);
      return missingScopes('airtable', scopes);
    });
  expect(await scopesOf(true)).toEqual(['schema.bases:read']);
  expect(await scopesOf(false)).toEqual(['schema.bases:read']);
});

it('says which table there is when the chosen one is gone', async () => {
  const gone = asked((context) => airtableServices.resources!['views']!({ ...context, params: { ...context.params, table: 'Gone' } }));
  await expect(gone).rejects.toMatchObject({ code: 'connector.not-found', remedy: 'Choose one of: Orders & new?.' });
});
