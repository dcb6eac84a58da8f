/** What the cases of waiting share. */
import { setTimeout as delay } from 'node:timers/promises';
import { node, type RunCase } from './cases.ts';
import { settled, want, type Hub } from './run.ts';

export type Part = Record<string, unknown>;
export interface View {
  status: string;
  statusReason: string | null;
  output: Record<string, unknown>;
  error: { code: string; message: string; nodeId: string } | null;
}
export interface Approval {
  id: string;
  runId: string;
  path: string;
  status: string;
  title: string;
  answer: { decision: string; form: unknown } | null;
}

export const wait = (id: string, config: Part, more: Part = {}): Part => node(id, 'wait', config, more);
export const ask = (id: string, config: Part = {}, more: Part = {}): Part =>
  node(id, 'approval', { title: 'Sure about {{ input.what }}?', ...config }, more);
export const gives = (name: string, definition: Part, output: Part, input: unknown = {}): RunCase => ({
  name,
  definition,
  input,
  expect: { status: 'completed', output },
});

/** Looks until it holds, at most 30 s. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await read();
    if (holds(value)) return value;
    if (tries > 300) throw new Error(`still ${JSON.stringify(value).slice(0, 300)}`);
    await delay(100);
  }
}
export const view = (hub: Hub, run: string): Promise<View> => want<View>(hub, 200, 'GET', `/runs/${run}`);
export const waiting = (hub: Hub, run: string, reason: string): Promise<View> =>
  until(
    () => view(hub, run),
    ({ status, statusReason }) => status === 'waiting' && statusReason === reason,
  );
export const signal = (hub: Hub, run: string, name: string, body: Part): ReturnType<Hub['call']> =>
  hub.call('POST', `/runs/${run}/signals/${name}`, body);
export const answer = (hub: Hub, run: string, nodeId: string, body: Part): ReturnType<Hub['call']> =>
  hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, body);
export const pending = async (hub: Hub, run: string): Promise<Approval[]> =>
  (await want<{ items: Approval[] }>(hub, 200, 'GET', `/approvals?runId=${run}&status=pending`)).items;

export const ended = async (hub: Hub, run: string): Promise<View> => (await settled(hub, run)) as unknown as View;
