import { describe, it } from 'vitest';

import { httpKit } from '../../http/testing/kit.ts';
import { ownKits } from './kits.ts';
import { ownCases } from './own-suite.ts';
import { contractCases } from './suite.ts';

describe.each(ownKits.map((kit) => [kit.connector, ownCases(kit)] as const))('the contract of %s', (_connector, cases) => {
  for (const one of cases) it(`${one.action}: ${one.name}`, one.run);
});
describe('the contract of http', () => {
  for (const one of contractCases(httpKit)) it(`${one.action}: ${one.name}`, one.run);
});
