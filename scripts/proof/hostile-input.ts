/**
 * Every route of the API under hostile values, as an attacker with a member's key sends them: in each path and query parameter, in each field of the
 * example body, in headers and as whole bodies. Made from the route table, so a new route is tried without a word. 0 of 5xx; each refusal a problem
 * document that tells nothing of the inside; the next right request is served.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type RouteSpec } from '@hub/contract';
import { hostileBodies, hostileFields, hostileQueries, hostileWords } from './hostile-input/values.ts';
import { inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { send, type Sent } from './hostile-input/send.ts';
import { madeThings, type Things } from './hostile-input/things.ts';

/** What would end the fuzzing itself, or mails and waits that are tried elsewhere (S14). */
const leftOut = new Set(['POST /api/v1/auth/sign-out', 'DELETE /api/v1/sessions/:id', 'POST /api/v1/codec/decode', 'POST /api/v1/codec/encode']);
const order: RouteSpec['method'][] = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'];
const width = 6;
const slowMs = 15_000;
/** Words of the inside. */
const leaks =
  /node_modules|\.ts:\d+|\bat [\w.]+ \(|PostgresError|invalid input syntax|violates|ECONNREFUSED|relation "|duplicate key|Cannot read prop/;

interface Try {
  route: RouteSpec;
  what: string;
  sent: Omit<Sent, 'key' | 'origin'>;
}

export async function run(log: (line: string) => void): Promise<Measured> {
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '10000000' } });
  try {
    return await measure(stack, log);
  } finally {
    await stack.close();
  }
}

async function measure(stack: HubStack, log: (line: string) => void): Promise<Measured> {
  const things = await madeThings(stack.url, stack.apiKey);
  const tries = Object.values(routes as Record<string, RouteSpec>)
    .filter((route) => !leftOut.has(`${route.method} ${route.path}`))
    // What takes things away comes last, so that the others meet them.
    .toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method))
    .flatMap((route) => triesOf(route, things));
  log(`${tries.length} requests`);
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  await inParallel(tries.length, width, async (at) => {
    const { route, what, sent } = tries[at] as Try;
    const began = performance.now();
    const answer = await patient({ ...sent, key: stack.apiKey, origin: stack.url }).catch((fault: unknown) => ({
      status: 0,
      text: String(fault),
      type: '',
    }));
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const fault = faultOf(answer, performance.now() - began, route.access === 'public');
    if (fault !== null) wrong.push(`${route.method} ${route.path}, ${what}: ${fault}`);
  });
  // Once for each way of going wrong, the worst first.
  const kinds = Map.groupBy(
    wrong.toSorted((a, b) => Number(b.includes(': 500 ')) - Number(a.includes(': 500 '))),
    (line) => line.replace(/^.*?: (?=\d{3} |no |took|tells)/, '').slice(0, 60),
  );
  for (const lines of [...kinds.values()].slice(0, 40)) log(`${lines.length} x ${lines[0] ?? ''}`);
  log(
    [...statuses]
      .toSorted(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
  );
  const alive = await stillServes(stack);
  if (!alive) log('the next right request was not served');
  const serverErrors = [...statuses].filter(([status]) => status >= 500 || status === 0).reduce((sum, [, count]) => sum + count, 0);
  return {
    figure: `${tries.length} hostile requests to ${Object.keys(routes).length - leftOut.size} routes: ${serverErrors} of 5xx, ${wrong.length} unclear`,
    want: '0 and 0',
    ok: wrong.length === 0 && alive,
  };
}

/** A server that says it is busy, and for how long, is asked again: that is its limit at work, not a fault. */
async function patient(sent: Sent): ReturnType<typeof send> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await send(sent);
    if (answer.status !== 503 || !answer.text.includes('"server.busy"')) return answer;
    await delay(1_000);
  }
  return await send(sent);
}

function faultOf(answer: { status: number; text: string; type: string }, ms: number, isPublic: boolean): string | null {
  const shown = `${answer.status} ${answer.text.slice(0, 240)}`;
  if (answer.status === 0 || answer.status >= 500) return shown;
  if (ms > slowMs) return `took ${Math.round(ms)} ms: ${shown}`;
  if (answer.status < 400) return null;
  // A form and a hook answer people and machines of others; a refusal of theirs is still a problem or a page.
  if (!answer.type.startsWith('application/problem+json') && !(isPublic && answer.type.startsWith('text/html')))
    return `no problem: ${answer.type} ${shown}`;
  return leaks.test(answer.text) ? `tells of the inside: ${shown}` : null;
}

function triesOf(route: RouteSpec, things: Things): Try[] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const path = (replaced: Record<string, string> = {}): string =>
    route.path.replaceAll(
      /:(\w+)/g,
      (_all, name: string) => replaced[name] ?? encodeURIComponent(things.of(route.path, name, route.example.params?.[name])),
    );
  const body = route.body === undefined ? undefined : (route.example.body ?? {});
  const base = { method: route.method, headers: route.ifMatch === true ? { 'if-match': '"1"' } : {} };
  const json = body === undefined || route.bodyType === 'form' ? undefined : JSON.stringify(body);
  const one = (what: string, sent: Partial<Try['sent']>): Try => ({
    route,
    what,
    sent: { ...base, path: path(), ...(json === undefined ? {} : { body: json }), ...sent },
  });
  return [
    ...names.flatMap((name) => hostileWords.map((word) => one(`${name}=${word.slice(0, 30)}`, { path: path({ [name]: word }) }))),
    ...Object.keys(route.query?.shape ?? {}).flatMap((name) =>
      hostileQueries(name).map((query) => one(`?${query.slice(0, 40)}`, { path: `${path()}?${query}` })),
    ),
    ...(json === undefined ? [] : hostileFields(body).map(({ what, value }) => one(what, { body: JSON.stringify(value) }))),
    ...(route.method === 'GET'
      ? []
      : hostileBodies.map(({ what, body: bytes, type }) => one(what, { body: bytes, ...(type === undefined ? {} : { type }) }))),
    ...(route.method === 'GET'
      ? []
      : ['', '\u00e4', 'x'.repeat(4_000), '"', "';--"].map((value) =>
          one(`idempotency-key ${value.slice(0, 9)}`, { headers: { ...base.headers, 'idempotency-key': value } }),
        )),
    ...(route.ifMatch !== undefined
      ? ['', '*', 'W/"1"', '"-1"', '"1e9"', '"99999999999999999999"', '"1", "2"', '"NaN"'].map((value) =>
          one(`if-match ${value}`, { headers: { 'if-match': value } }),
        )
      : []),
    ...['x', '018f0000-0000-7000-8000-000000000000', "' or 1=1", 'x'.repeat(5_000)].map((value) =>
      one(`x-hub-team ${value.slice(0, 9)}`, { headers: { ...base.headers, 'x-hub-team': value } }),
    ),
  ];
}

async function stillServes(stack: HubStack): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await fetch(`${stack.url}/api/v1/me`, { headers: { authorization: `Bearer ${stack.apiKey}` } });
    if (answer.ok) return true;
    await delay(500);
  }
  return false;
}
