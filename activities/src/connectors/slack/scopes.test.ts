/** A bot without the scope files:write is told so: by the connection test beforehand, by the step when it is too late. */
import { expect, it } from 'vitest';

import { servicesFor } from '../registry.ts';
import { missingScopes } from '../scopes.ts';
import { callAction } from '../testing/contract/suite.ts';
import { slackKit, slackWorld } from './testing/kit.ts';

const granted = ['chat:write', 'channels:read', 'channels:history', 'users:read.email'];

it('names the missing scope at the connection test and in the step that needs it', async () => {
  const world = await slackWorld(granted);
  try {
    const context = { params: {}, credential: slackKit.credential, http: world.http, signal: AbortSignal.timeout(120_000) };
    const told = await (await servicesFor('slack'))?.test(context);
    expect(missingScopes('slack', told?.scopes ?? null)).toEqual(['files:write']);
    const params = await slackKit.actions['upload-file']?.params(world);
    await expect(callAction({ world, kit: slackKit, action: 'upload-file', params: params ?? null })).rejects.toMatchObject({
      code: 'connector.missing-scope',
      details: { missing: ['files:write'] },
    });
    await expect(callAction({ world, kit: slackKit, action: 'list-channels', params: {} })).resolves.toBeDefined();
  } finally {
    await world.close();
  }
});
