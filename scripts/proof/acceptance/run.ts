/** Runs acceptance cases over HTTP and says what differs from what 03 wants. */
import { isDeepStrictEqual } from 'node:util';
import type { RefusedCase, RunCase, ShapeCase } from './cases.ts';

export interface Answer {
  status: number;
  body: unknown;
  text: string;
  headers: Headers;
}
interface Row {
  nodeId: string;
  nodeType: string;
  path: string;
  attempt: number;
  status: string;
  warnings: unknown[] | null;
  pinned?: boolean;
  disabled?: boolean;
  recovered?: boolean;
}
type Fault = { path?: string; code?: string; nodeId?: string | null };
type Run = { id: string; status: string; output: unknown; error: Record<string, unknown> | null };

export interface Hub {
  url: string;
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

/** Any answer is an answer; the caller judges it. Text bodies are sent as they are. */
export function rawHub(url: string, apiKey: string): Hub {
  return hubAs(url, { authorization: `Bearer ${apiKey}` });
}

/** As whoever these headers say. */
export function hubAs(url: string, who: Record<string, string>): Hub {
  return {
    url,
    async call(method, path, body, headers = {}) {
      const sent = body === undefined || body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body);
      const type = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...who, ...type, ...headers },
        ...(sent === undefined ? {} : { body: sent }),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await answer.text();
      let parsed: unknown = null;
      try {
        parsed = JSON.parse(text);
      } catch {
        // The text is there for those who want it.
      }
      return { status: answer.status, body: parsed, text, headers: answer.headers };
    },
  };
}

/** The body of an answer that must have this status. */
export async function want<T>(hub: Hub, status: number, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
  const answer = await hub.call(method, path, body, headers);
  if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} where ${status} is due: ${answer.text.slice(0, 400)}`);
  return answer.body as T;
}

export async function create(hub: Hub, definition: unknown): Promise<string> {
  return (await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'acceptance', definition })).id;
}

export async function publish(hub: Hub, definition: unknown): Promise<string> {
  const id = await create(hub, definition);
  await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: 'acceptance' });
  return id;
}

/** Saves this as the draft, whatever was saved before. */
export async function saveDraft(hub: Hub, workflow: string, definition: unknown): Promise<void> {
  const { revision } = await want<{ revision: number }>(hub, 200, 'GET', `/workflows/${workflow}`);
  await want(hub, 200, 'PATCH', `/workflows/${workflow}`, { definition }, { 'if-match': `"${revision}"` });
}

export async function start(hub: Hub, workflow: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<string> {
  return (await want<{ id: string }>(hub, 202, 'POST', `/workflows/${workflow}/runs`, body, headers)).id;
}

/** Holds on the API's own long poll until the run has ended. */
export async function settled(hub: Hub, run: string): Promise<Run> {
  for (let tries = 0; tries < 6; tries += 1) {
    const view = await want<Run>(hub, 200, 'GET', `/runs/${run}?wait=20`);
    if (['completed', 'failed', 'cancelled', 'timed_out'].includes(view.status)) return view;
  }
  throw new Error(`The run ${run} has not ended after 120 s.`);
}

export async function rowsOf(hub: Hub, run: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: Row[]; nextCursor: string | null } = await want(
      hub,
      200,
      'GET',
      `/runs/${run}/nodes?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

const say = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 300);

/** What differs; empty when all is as written. */
export async function judgeRun(hub: Hub, one: RunCase): Promise<string[]> {
  const draft = one.start?.['draft'] === true;
  const workflow = draft ? await create(hub, one.definition) : await publish(hub, one.definition);
  const id = await start(hub, workflow, { input: one.input ?? {}, ...one.start });
  const run = await settled(hub, id);
  const wrong: string[] = [];
  const differ = (what: string, got: unknown, wanted: unknown): void => {
    if (!isDeepStrictEqual(got, wanted)) wrong.push(`${what} is ${say(got)}, not ${say(wanted)}`);
  };
  if (one.expect.status !== undefined && run.status !== one.expect.status)
    wrong.push(`status is ${run.status}, not ${one.expect.status} ${say(run.error)}`);
  const output = (run.output ?? {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(one.expect.output ?? {})) differ(`output.${name}`, output[name], value);
  if (one.expect.exact === true) differ('output', output, one.expect.output);
  for (const [name, value] of Object.entries(one.expect.error ?? {})) differ(`error.${name}`, run.error?.[name], value);
  if (one.expect.nodes === undefined && one.expect.attempts === undefined && one.expect.warned === undefined) return wrong;
  const rows = await rowsOf(hub, id);
  const of = (nodeId: string): Row[] => rows.filter((row) => row.nodeId === nodeId).toSorted((a, b) => a.attempt - b.attempt);
  // Attempt 0 is what became of the node without, or after, its attempts.
  const last = (nodeId: string): Row | undefined => of(nodeId).find((row) => row.attempt === 0) ?? of(nodeId).at(-1);
  for (const [nodeId, status] of Object.entries(one.expect.nodes ?? {})) differ(`node ${nodeId}`, last(nodeId)?.status, status);
  for (const [nodeId, count] of Object.entries(one.expect.attempts ?? {}))
    differ(`attempts of ${nodeId}`, of(nodeId).filter((row) => row.attempt > 0).length, count);
  for (const nodeId of one.expect.warned ?? [])
    if (!of(nodeId).some((row) => (row.warnings?.length ?? 0) > 0)) wrong.push(`node ${nodeId} has no warning`);
  return wrong;
}

/** Publish must refuse, every fault at once, each at its place. */
export async function judgeRefused(hub: Hub, one: RefusedCase): Promise<string[]> {
  const workflow = await create(hub, one.definition);
  const answer = await hub.call('POST', `/workflows/${workflow}/publish`, { note: '' });
  if (answer.status !== 422) return [`publish answers ${answer.status}, not 422`];
  const wrong = problem(answer);
  const faults = (answer.body as { errors?: Fault[] }).errors ?? [];
  for (const due of one.refused) {
    const found = faults.some(
      (fault) =>
        (fault.path ?? '').startsWith(due.path) &&
        (due.node === undefined || fault.nodeId === due.node) &&
        (due.code === undefined || fault.code === due.code),
    );
    if (!found) wrong.push(`no fault ${say(due)} among ${say(faults)}`);
  }
  for (const fault of faults) if ((fault.path ?? '') === '') wrong.push(`a fault without pointer: ${say(fault)}`);
  return wrong;
}

/** Save must refuse. */
export async function judgeShape(hub: Hub, one: ShapeCase): Promise<string[]> {
  const answer = await hub.call('POST', '/workflows', { name: 'acceptance', definition: one.definition });
  return answer.status >= 400 && answer.status < 500 ? problem(answer) : [`save answers ${answer.status}`];
}

/** RFC 9457 with code, detail. */
export function problem(answer: Answer): string[] {
  const body = answer.body as { code?: unknown; detail?: unknown; status?: unknown; title?: unknown } | null;
  const type = answer.headers.get('content-type') ?? '';
  const fine =
    type.startsWith('application/problem+json') && typeof body?.code === 'string' && typeof body.detail === 'string' && body.status === answer.status;
  return fine ? [] : [`not problem+json: ${answer.status} ${type} ${answer.text.slice(0, 200)}`];
}
