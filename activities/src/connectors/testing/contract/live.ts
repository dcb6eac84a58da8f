/** The contract on the real vendor: every action once, and the cases that need no fault on the vendor's side. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { LiveCredential } from '../../../ports.ts';
import { actionFor } from '../../registry.ts';
import { memoryFiles } from '../context.ts';
import { callAction } from './suite.ts';
import type { ContractKit } from './suite.ts';

type Variables = Readonly<Record<string, string>>;

/** A good call. They are made in order; each may use what those before gave. `put` makes a file and answers its id. */
export interface LiveCall {
  action: string;
  params: (variables: Variables, outputs: Readonly<Record<string, Json>>, put: (content: string) => string) => Json;
}

/** How a connector is tried on its real vendor. */
export interface LiveKit {
  /** Variables of the environment to what they hold. All are needed. */
  variables: Variables;
  credential: (variables: Variables) => LiveCredential;
  /** Whatever they make, they take away again. */
  calls: readonly LiveCall[];
}

export interface LiveResult {
  passed: number;
  failed: string[];
}

/** What only a stand-in can be made to do. */
export const standInOnly = ['429 with Retry-After', '403 scope', '5xx', 'truncated answer', 'time-out of a hanging answer'] as const;

/** Runs all cases, on the real vendor unless `given` leads elsewhere. A call that fails stops none of those behind it: they clean up. */
export async function runLive(kit: ContractKit, live: LiveKit, variables: Variables, given?: Outbound): Promise<LiveResult> {
  const http = given ?? createOutbound({ allow: parseAllowList('') });
  const files = memoryFiles();
  const world = { standIn: null as never, http, files, close: async () => undefined };
  const put = (content: string): string => files.put(content);
  const good = live.credential(variables);
  const bad: LiveCredential = { ...good, values: { ...good.values, token: 'no-such-token' } };
  const outputs: Record<string, Json> = {};
  const result: LiveResult = { passed: 0, failed: [] };
  const check = async (name: string, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
      result.passed += 1;
    } catch (error) {
      result.failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  try {
    for (const { action, params } of live.calls) {
      const { spec } = actionFor(kit.connector, action);
      const call = { world, kit, action, credential: good };
      await check(`${action}: params and output fit their schemas`, async () => {
        const { output } = await callAction({ ...call, params: params(variables, outputs, put) });
        outputs[action] = output;
        const fits = new Ajv2020({ strict: false }).compile(spec.output.schema);
        assert.ok(fits(output), JSON.stringify(fits.errors));
      });
      await check(`${action}: a wrong token says to connect again`, async () => {
        const ended = await callAction({ ...call, credential: bad, params: params(variables, outputs, put) }).catch((error: unknown) => error);
        assert.ok(isHubError(ended) && ended.code === (kit.codes?.unauthorized ?? 'connector.unauthorized'), `ended with ${String(ended)}`);
      });
      await check(`${action}: a cancel ends it`, async () => {
        const signal = AbortSignal.abort(new Error('cancelled'));
        const ended = await callAction({ ...call, signal, params: params(variables, outputs, put) }).catch((error: unknown) => error);
        assert.equal(ended, signal.reason);
      });
      if (spec.kind !== 'read') continue;
      await check(`${action}: a 401 is tried once more with a renewed credential`, async () => {
        await callAction({ ...call, credential: bad, renew: async () => good, params: params(variables, outputs, put) });
      });
    }
  } finally {
    if (given === undefined) await http.close();
  }
  return result;
}
