/** Short hand of the third reader's requests. */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ScriptedCase } from './api.ts';
import { graph, node, out } from './cases.ts';
import { problem, want, type Answer, type Hub } from './run.ts';

export type Body = Record<string, unknown>;
export const scripted = (name: string, run: (hub: Hub, stub: string) => Promise<(string | false | undefined)[]>): ScriptedCase => ({
  name: `stranger api: ${name}`,
  run: async (hub, stub) => (await run(hub, stub)).filter((line) => typeof line === 'string'),
});
export const is = (what: string, got: unknown, wanted: unknown): string | false =>
  !isDeepStrictEqual(got, wanted) && `${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`;
/** A refusal of this status, as a problem. */
export const refusal = (what: string, answer: Answer, ...statuses: number[]): (string | false)[] =>
  statuses.includes(answer.status)
    ? problem(answer).map((line) => `${what}: ${line}`)
    : [`${what}: ${answer.status} where ${statuses.join(' or ')} is due: ${answer.text.slice(0, 300)}`];
export const simple = graph([out('o', '{{ input.n }}')], [], {
  inputs: { type: 'object', properties: { n: { type: 'number', default: 4 }, s: { type: 'string' } }, required: ['n'] },
});
export const sleeper = graph([node('w', 'wait', { for: '10m' })]);

export async function status(hub: Hub, run: string, wanted: string, ms = 15_000): Promise<Body> {
  const end = Date.now() + ms;
  for (;;) {
    const view = await want<Body>(hub, 200, 'GET', `/runs/${run}`);
    if (view['status'] === wanted || Date.now() > end) return view;
    await pause(100);
  }
}
