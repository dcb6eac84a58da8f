/** S13: forged, used, foreign consents are refused. F8: one refresher under concurrency, and under kill -9 in the middle of a refresh. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  anotherVault,
  connectedCredential,
  expire,
  type OAuthWorld,
  startOAuthWorld,
  statusOf,
  tryForgedConsents,
  tryOneRefresher,
} from '@hub/api/testing';
import { createKeyRing } from '@hub/kit/crypto';
import { errorCode } from '@hub/kit/errors';
import { startTestStack } from '../bootstrap/test-stack.mjs';
import { spawnKept } from './lib/kept.ts';
import type { Measured } from './lib/proof.ts';

const kills = 20;
const child = fileURLToPath(new URL('lib/refresh-child.ts', import.meta.url));

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  const servers = await startTestStack({ postgres: true, temporal: false });
  Object.assign(process.env, servers.environment);
  const keys = `k1:${randomBytes(32).toString('base64')}`;
  const ring = createKeyRing(keys);
  const world = await startOAuthWorld({ credentialKeys: ring });
  try {
    const forged = await tryForgedConsents(world, 50);
    for (const line of forged.wrong) log(line);
    const one = await tryOneRefresher(world, ring);
    for (const line of one.faults) log(line);
    const { recovered, saidSo, lost } = await killRefreshers(world, ring, keys, log);
    return [
      {
        figure: `S13: ${forged.refused} of ${forged.tried} forged, used, foreign returns and open redirects refused`,
        want: 'all of 40 and more',
        ok: forged.tried >= 40 && forged.refused === forged.tried,
      },
      {
        figure: `S13: ${forged.raceTries} returns at once with one code: ${forged.raceWon} connected, ${forged.raceTokenCalls} token request`,
        want: '1 and 1',
        ok: forged.raceWon === 1 && forged.raceTokenCalls === 1,
      },
      {
        figure: `F8: 100 uses at once of an expired token in 4 vaults: ${one.calls} refresh, ${one.succeeded} of 100 succeed, ${one.refused} refused`,
        want: '1 refresh, 100 of 100',
        ok: one.calls === 1 && one.succeeded === 100 && one.refused === 0,
      },
      {
        figure: `F8: ${recovered + saidSo} of ${kills} killed in the middle of a refresh: ${recovered} recovered, ${saidSo} say needs_reauth, ${lost} neither`,
        want: `${kills} of ${kills}`,
        ok: recovered + saidSo === kills,
      },
    ];
  } finally {
    await world.close();
    await servers.stop();
  }
}

/** Half are killed before the provider has made the tokens, half after it has and before they are stored: those cannot be had back from a provider that rotates. */
async function killRefreshers(world: OAuthWorld, ring: Parameters<typeof anotherVault>[1], keys: string, log: (line: string) => void) {
  const figures = { recovered: 0, saidSo: 0, lost: 0 };
  for (let at = 0; at < kills; at += 1) {
    const id = await connectedCredential(world);
    await expire(world, id);
    const reached = Promise.withResolvers<void>();
    const hold = async (): Promise<void> => {
      reached.resolve();
      await new Promise((go) => setTimeout(go, 60_000).unref());
    };
    if (at % 2 === 0) world.far.beforeToken = hold;
    else world.far.beforeAnswer = hold;
    const one = spawnKept(process.execPath, [child], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        CHILD_DATABASE: world.api.db.appUrl,
        CHILD_ALLOW: world.far.place,
        CHILD_KEYS: keys,
        CHILD_TEAM: world.team.id,
        CHILD_CREDENTIAL: id,
      },
    });
    const ended = once(one, 'exit');
    await Promise.race([reached.promise, ended]);
    one.kill('SIGKILL');
    await ended;
    world.far.beforeToken = null;
    world.far.beforeAnswer = null;
    try {
      await anotherVault(world, ring).use(world.team.id, id, null);
      figures.recovered += 1;
    } catch (error) {
      if (errorCode(error) === 'credential.needs-reauth' && (await statusOf(world, id)) === 'needs_reauth') figures.saidSo += 1;
      else {
        figures.lost += 1;
        log(String(error));
      }
    }
  }
  return figures;
}
