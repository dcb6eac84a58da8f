/** Runs hostile cases against a pool and says which were contained. Used by the unit tests (a quick part) and by the proof (all). */
import { errorCode, isHubError } from '@hub/kit/errors';

import type { HostileCase } from './hostile-cases.ts';
import { limits } from './names.ts';
import type { ExpressionPool } from './pool/index.ts';

export interface Verdict {
  case: HostileCase;
  contained: boolean;
  ms: number;
  /** What it gave, or the code of its error. */
  gave: string;
  /** Why it was not contained. */
  reason: string | null;
}

const expressionMs = 2_500;
const codeMs = 11_000;
/** What only the host has. */
const hostSigns = /node:|\/node_modules\/|\[native code\]|TINYPOOL|execArgv|NODE_|process\.binding|\/root|\/home\//;

/** One case, then the check that the pool still gives right answers and nothing was left behind. The pool should have one child, so that the check meets the same. `most`: ms by engine. */
export async function judge(pool: ExpressionPool, hostile: HostileCase, most = { expression: expressionMs, code: codeMs }): Promise<Verdict> {
  // A heavy child is replaced after an answer; its successor's start is not this case's time.
  await pool.ready();
  await pool.ready();
  const startedAt = performance.now();
  let gave: string;
  let fault: string | null;
  try {
    gave = await attempt(pool, hostile);
    fault = faultOf(hostile, gave);
  } catch (error) {
    gave = errorCode(error) ?? String(error);
    fault = !isHubError(error) || error.kind === 'bug' ? `not a clean error: ${gave}: ${error instanceof Error ? error.message : ''}` : null;
  }
  const ms = performance.now() - startedAt;
  if (ms > most[hostile.engine]) fault ??= `took ${Math.round(ms)} ms`;
  fault ??= await nextIsRight(pool);
  return { case: hostile, contained: fault === null, ms, gave: gave.slice(0, 200), reason: fault };
}

async function attempt(pool: ExpressionPool, { engine, text, input, timeoutMs = limits.codeMs }: HostileCase): Promise<string> {
  const data = { values: { input: input ?? '{"a":[1,2,3],"s":"x"}' }, reads: [], texts: {} };
  if (engine === 'code') return (await pool.run({ kind: 'code', data, source: text, timeoutMs }, { timeoutMs })).valueText;
  return (await pool.run({ kind: 'expression', data, strict: false, text })).valueText;
}

function faultOf({ only }: HostileCase, gave: string): string | null {
  if (only !== undefined && gave !== only) return `gave ${gave.slice(0, 100)} instead of ${only}`;
  const sign = hostSigns.exec(gave);
  return sign === null ? null : `shows the host: ${sign[0]}`;
}

const check = `$string([
  $sum(input.a), $count([1,2]), $string(1), $lookup({"k": 5}, "k"), $map([1,2], function($x){$x*2}), $keys({"z": 1}), $max([1,9]), $clone({"q": 1}).q, $type($now()),
  {}.polluted = 1, $exists({}.polluted), $exists([{}].polluted), $exists("".polluted), input
])`;
const right = '"[6,2,\\"1\\",5,2,4,\\"z\\",9,1,\\"string\\",false,false,false,false,{\\"a\\":[1,2,3]}]"';

async function nextIsRight(pool: ExpressionPool): Promise<string | null> {
  try {
    const data = { values: { input: '{"a":[1,2,3]}' }, reads: [], texts: {} };
    const { valueText } = await pool.run({ kind: 'expression', data, strict: false, text: check });
    return valueText === right ? null : `the next evaluation gave ${valueText}`;
  } catch (error) {
    return `the next evaluation failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
