/** What the contract does not say: batches, renewal in the middle, formulas. */
import { isHubError } from '@hub/kit/errors';
import { expect, it } from 'vitest';

import { callAction } from '../testing/contract/suite.ts';
import type { World } from '../testing/contract/suite.ts';
import { formulaOf } from './records.ts';
import { airtableKit, dataOf, placeOf } from './testing/kit.ts';

const many = Array.from({ length: 25 }, (_, at) => ({ Number: 2_000 + at }));

async function inWorld<T>(use: (world: World) => Promise<T>): Promise<T> {
  const world = await airtableKit.world();
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}
const sizeOf = (world: World): number => dataOf(world).bases.get(placeOf(world).base)?.tables[0]?.records.size ?? 0;
const create = (world: World, more = {}) =>
  callAction({ world, kit: airtableKit, action: 'create-records', params: { ...placeOf(world), records: many }, ...more });

it('goes on behind the last batch after a token was renewed: nothing is added twice', () =>
  inWorld(async (world) => {
    const renewed = { ...airtableKit.credential, values: { token: 'renewed-token' } };
    world.standIn.faults.push('pass', 'expired');
    const { output } = await create(world, { renew: async () => (world.standIn.tokens.add('renewed-token'), renewed) });
    expect([(output as { count: number }).count, sizeOf(world), world.standIn.requests.length]).toEqual([25, 675, 4]);
  }));

it('never says that a call did nothing when a part of it was done', () =>
  inWorld(async (world) => {
    world.standIn.faults.push('pass', 'limit');
    const fault = await create(world).catch((error: unknown) => error);
    expect(isHubError(fault) && fault.message).toMatch(/1 of 3 requests were carried out before/);
    expect(fault).toMatchObject({ code: 'connector.rate-limited', retryAfterMs: 7_000, didNothing: false });
  }));

it('deletes the records of a batch one by one when some are gone', () =>
  inWorld(async (world) => {
    const ids = ['rec00000000000001', 'recGone0000000001', 'rec00000000000002'];
    const { output } = await callAction({ world, kit: airtableKit, action: 'delete-records', params: { ...placeOf(world), ids } });
    expect(output).toEqual({ deleted: ['rec00000000000001', 'rec00000000000002'], missing: ['recGone0000000001'] });
  }));

it('quotes values, so that none becomes a part of the formula', () => {
  expect(formulaOf({ Name: 'x" , 1=1) \\ ', 'a}b': 2, Paid: true, Gone: null })).toBe(
    'AND({Name} = "x\\" , 1=1) \\\\ ", {a\\}b} = 2, {Paid} = TRUE(), {Gone} = BLANK())',
  );
});

it('refuses a table name that would leave its place in the address', async () => {
  await inWorld(async (world) => {
    await expect(callAction({ world, kit: airtableKit, action: 'list-records', params: { ...placeOf(world), table: '..' } })).rejects.toMatchObject({
      code: 'step.invalid-params',
    });
  });
});
