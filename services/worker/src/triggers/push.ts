/**
 * Push as a wake-up of polls. For each poll whose vendor can tell of changes a channel is kept open there: opened, renewed before it ends, stopped when nobody
 * wants it (paused, archived, rolled back, another credential, another address of the hub). A message lets the poll run now; what is new, and that it fires
 * once, stays the poll's own word. So nothing here needs to be exact: a channel that is lost costs time until the next poll.
 */
import { createHash, randomUUID } from 'node:crypto';
import { connectorManifests } from '@hub/activities/catalogue';
import type { ConnectorServices, ServiceContext } from '@hub/activities/connectors';
import {
  addPushChannel,
  type ClaimedOpening,
  type ClaimedStop,
  claimOpenings,
  claimStops,
  claimWakes,
  dropPushChannel,
  notePushOpened,
  notePushRefused,
  putWakeBack,
  type PushWish,
} from '@hub/db/write';
import { randomToken } from '@hub/kit/crypto';
import { isHubError } from '@hub/kit/errors';
import { isPublicHttps } from '@hub/kit/http';
import { scheduleIdOf } from '@hub/kit/temporal';
import type { TriggerPlace } from '@hub/runtime/trigger-types';
import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import type { TriggerDeps } from './deps.ts';

/** Short, so that what a lost hub leaves behind at the vendor ends soon; renewed with six hours left, so that an outage of some hours costs nothing. */
const channelMs = 24 * 3_600_000;
const renewMs = 6 * 3_600_000;
const callMs = 20_000;
/** Longer than the calls of one opening. */
const leaseMs = 90_000;
const pauseMs = { least: 60_000, most: 3_600_000 };

export interface PushDeps extends Pick<TriggerDeps, 'sql' | 'http' | 'credentials' | 'log'> {
  client: Client;
  /** What the outside reaches the hub by; channels are opened only where that is public and https. */
  hubUrl: string;
  services: (connector: string) => Promise<ConnectorServices | null>;
}

/** One pass: polls that were woken run, channels are opened and stopped. Any number of processes may do it side by side. */
export function createPush(deps: PushDeps): () => Promise<void> {
  const wish: PushWish = { actions: isPublicHttps(deps.hubUrl) ? pushable : [], address: `${deps.hubUrl}/push/` };
  return async () => {
    await Promise.all((await claimWakes(deps.sql)).map((place) => wake(deps, place)));
    // First the new ones: where one takes another's place, no change falls between.
    await Promise.all((await claimOpenings(deps.sql, wish, { renewMs, leaseMs })).map((claim) => open(deps, wish, claim)));
    await Promise.all((await claimStops(deps.sql, wish, { leaseMs })).map((claim) => stop(deps, claim)));
  };
}

/** `connector/action` of what a vendor can tell of. */
const pushable = Object.values(connectorManifests).flatMap((manifest) =>
  'push' in manifest ? manifest.push.actions.map((action) => `${manifest.id}/${action}`) : [],
);

/** Never beside a poll that runs: then once after it, however many asked. */
async function wake({ sql, client, log }: PushDeps, place: TriggerPlace): Promise<void> {
  try {
    await client.connection.withDeadline(Date.now() + callMs, () => client.schedule.getHandle(scheduleIdOf(place)).trigger('BUFFER_ONE'));
  } catch (error) {
    // It has not reached Temporal yet, or not any more: its first poll, or none, sees to it.
    if (error instanceof ScheduleNotFoundError) return;
    log.warn({ err: error, workflowId: place.workflowId, trigger: place.triggerId }, 'a poll was not woken; tried again soon');
    await putWakeBack(sql, place);
  }
}

async function open(deps: PushDeps, wish: PushWish, claim: ClaimedOpening): Promise<void> {
  const { sql, log } = deps;
  const id = randomUUID();
  const token = randomToken();
  const address = `${wish.address}${claim.connector}`;
  const expiresAt = new Date(Date.now() + channelMs);
  const channel = { ...claim, id, address, expiresAt, tokenHash: createHash('sha256').update(token).digest() };
  try {
    await addPushChannel(sql, channel);
    const opened = await withVendor(deps, claim, (push, context) => push.open(context, { id, token, address, expiresAt: expiresAt.toISOString() }));
    await notePushOpened(sql, channel, { resource: opened.resource, expiresAt: new Date(opened.expiresAt) });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    log.warn(
      { err: error, workflowId: claim.workflowId, trigger: claim.triggerId },
      'no channel for changes was opened; the poll goes on by its interval',
    );
    await notePushRefused(sql, channel, { problem, pauseMs: Math.min(pauseMs.most, pauseMs.least * 2 ** Math.min(claim.tries - 1, 10)) });
  }
}

async function stop(deps: PushDeps, claim: ClaimedStop): Promise<void> {
  const { id, resource, over } = claim;
  try {
    if (resource !== null && !over) await withVendor(deps, claim, (push, context) => push.close(context, { id, resource }));
    await dropPushChannel(deps.sql, claim);
  } catch (error) {
    // Where the credential is gone or refused nobody can stop it: it ends by itself within a day, and what it says until then is refused.
    if (isHubError(error) && error.kind === 'user') await dropPushChannel(deps.sql, claim);
    else deps.log.warn({ err: error, workflowId: claim.workflowId, trigger: claim.triggerId }, 'a channel was not stopped; tried again soon');
  }
}

async function withVendor<T>(
  { http, credentials, services }: PushDeps,
  { team, workflowId, triggerId, connector, credentialId }: ClaimedOpening | ClaimedStop,
  use: (push: NonNullable<ConnectorServices['push']>, context: ServiceContext) => Promise<T>,
): Promise<T> {
  const push = (await services(connector))?.push;
  if (push === undefined) throw new Error(`${connector} has no push`);
  const credential = await credentials.use(team, credentialId, { run: workflowId, nodeId: triggerId });
  const signal = AbortSignal.timeout(callMs);
  return use(push, { params: {}, credential, http, signal, renew: () => credentials.renew(team, credential) });
}
