/** Windows that listen for one test event of a draft's trigger, each with an address of its own. */
import type { Listening } from '@hub/contract';
import { formTrigger, webhookTrigger } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import { type ListeningRead, readDelivery, readListening, readWorkflow } from '@hub/db/read';
import { openListening } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { setTimeout as delay } from 'node:timers/promises';
import { invalidDefinition, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';
import { credentialFaultsOf } from '../workflows/faults.ts';
import { readDefinition } from '../workflows/definition.ts';
import { deliveryDetailShape } from './shapes.ts';
import { newTriggerToken, urlOfToken } from './tokens.ts';

export const listenMs = 120_000;

export interface ListenPlace {
  workflowId: string;
  triggerId: string;
}

/** The webhook or form of the draft. @throws UserError 404 `trigger.not-found`, 422 `definition.invalid` */
async function draftTrigger({ deps }: RouteContext, team: TeamAccess, { workflowId, triggerId }: ListenPlace) {
  const row = await readWorkflow(deps.sql, team.id, workflowId);
  if (row === null) throw notFound('workflow');
  const definition = readDefinition(row.definition);
  const at = (definition.triggers ?? []).findIndex(({ id }) => id === triggerId);
  const found = definition.triggers?.[at];
  if (found === undefined || (found.type !== 'webhook' && found.type !== 'form'))
    throw new UserError('trigger.not-found', 'The draft has no webhook or form of this id.', { status: 404 });
  const parsed = (found.type === 'webhook' ? webhookTrigger : formTrigger).safeParse(found.config ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      path: `/triggers/${at}/config/${issue.path.join('/')}`,
      code: 'trigger.config',
      message: issue.message,
    }));
    throw invalidDefinition('This trigger cannot be listened to', faults);
  }
  const credentials = (await credentialFaultsOf(deps.sql, team, definition)).filter(({ path }) => path.startsWith(`/triggers/${at}/`));
  if (credentials.length > 0) throw invalidDefinition('This trigger cannot be listened to', credentials);
  return { type: found.type as 'webhook' | 'form', config: (found.config ?? {}) as Json };
}

/** Opens a window. Its address is in this answer only. */
export async function listen(
  context: RouteContext,
  { team, caller }: { team: TeamAccess; caller: Caller },
  place: ListenPlace,
  starts: boolean,
): Promise<Listening> {
  const { deps } = context;
  const { type, config } = await draftTrigger(context, team, place);
  const { token, hash } = newTriggerToken(type === 'form' ? 'test-form' : 'test-webhook');
  const opened = await openListening(deps.sql, {
    team: team.id,
    ...place,
    type,
    config,
    starts: starts || type === 'form',
    userId: caller.userId,
    tokenHash: hash,
    forMs: listenMs,
  });
  return {
    id: opened.id,
    status: 'waiting',
    url: urlOfToken(deps.settings.url, token),
    expiresAt: opened.expiresAt,
    event: null,
    runId: null,
    problem: null,
  };
}

const rereadMs = 500;

/** The window as it is; `waitSeconds` holds the answer while it waits. One person looks at one window: reading again twice a second is cheap. */
export async function seeListening(
  { deps }: RouteContext,
  team: string,
  place: ListenPlace & { id: string },
  waitSeconds: number,
  gone: AbortSignal,
): Promise<Listening> {
  const until = Date.now() + waitSeconds * 1000;
  for (;;) {
    const found = await readListening(deps.sql, team, place);
    if (found === null) throw new UserError('trigger.no-such-window', 'There is no such window; open a new one.', { status: 404 });
    if (found.status !== 'waiting' || Date.now() >= until || gone.aborted) return listeningShape(deps.sql, team, found);
    await delay(Math.min(rereadMs, Math.max(1, until - Date.now())), undefined, { signal: gone }).catch(() => undefined);
  }
}

async function listeningShape(sql: RouteContext['deps']['sql'], team: string, row: ListeningRead): Promise<Listening> {
  const delivery = row.deliveryId === null ? null : await readDelivery(sql, team, row.deliveryId);
  return {
    id: row.id,
    status: row.status,
    url: null,
    expiresAt: row.expiresAt,
    event: delivery === null ? null : deliveryDetailShape(delivery),
    runId: row.runId,
    problem: row.problem,
  };
}
