import { describe, expect, it } from 'vitest';

import { findConnector } from '../../catalogue.ts';
import { contractCases } from './suite.ts';
import type { ContractKit } from './suite.ts';

/** The contract of one action as tests. */
export function describeContract(kit: ContractKit, action: string): void {
  describe(`${kit.connector}.${action}`, () => {
    it('has a case in its kit', () => {
      expect(Object.keys(kit.actions)).toContain(action);
      expect(Object.keys(findConnector(kit.connector)?.actions ?? {})).toContain(action);
    });
    for (const one of contractCases(kit, action)) it(one.name, one.run);
  });
}
