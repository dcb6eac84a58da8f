/** What vendors tell of changes: the poll of that trigger runs now. Nothing of a message is believed before its channel's token was checked (05, rule 20). */
import { findConnector, type ConnectorManifest } from '@hub/activities/catalogue';
import { routes } from '@hub/contract';
import { findPushChannel, takePush } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { hashToken } from '../hooks/tokens.ts';
import { addressKey, takeOrRefuse } from '../plugins/app/rates.ts';
import { rawBodies } from './hooks.ts';

const mostBytes = 65_536;
/** Stands for the token of a channel that is not there: nobody knows what hashes to it. */
const nobody = Buffer.alloc(32);

/** Registers them. */
export function pushRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  void app.register(async (scope) => {
    rawBodies(scope, { plain: mostBytes, multipart: mostBytes });
    handle(scope, 'receivePush', routes.receivePush, async ({ params, request, reply }) => {
      const manifest: ConnectorManifest | null = findConnector(params.connector);
      const said = manifest?.push?.read(request.headers) ?? null;
      const channel = said === null ? null : await findPushChannel(deps.sql, said.channel);
      const genuine = timingSafeEqual(channel === null ? nobody : Buffer.from(channel.tokenHash, 'hex'), hashToken(said?.token ?? ''));
      if (said === null || channel === null || !genuine || channel.connector !== params.connector) {
        // Guessing is counted by address, as for webhooks.
        await takeOrRefuse(deps.sql, `refused:${addressKey(request.ip)}`, deps.settings.rates.address, reply);
        throw new UserError('push.not-found', 'No channel of this id and token is open.', { status: 404 });
      }
      await takeOrRefuse(deps.sql, `push:${channel.team}:${said.channel}`, deps.settings.rates.hook, reply);
      await takePush(deps.sql, { team: channel.team, id: said.channel }, said);
      return undefined;
    });
  });
}
