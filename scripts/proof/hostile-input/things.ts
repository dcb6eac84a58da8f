/** Real things of a team, so that hostile values meet rows and not only 404. */
import { randomUUID } from 'node:crypto';
import { want, rawHub, start, settled } from '../acceptance/run.ts';
import { calc, chain, graph, node, out } from '../acceptance/cases.ts';

export interface Things {
  /** What stands for `name` in this path; the example's own where nothing better is there. */
  of: (path: string, name: string, example: string | undefined) => string;
}

export async function madeThings(url: string, apiKey: string): Promise<Things> {
  const hub = rawHub(url, apiKey);
  const definition = graph(
    [calc('a', '1'), node('q', 'approval', { title: 'Well?' }), out('o', '{{ nodes.a.output }}')],
    [...chain('a', 'o'), ...chain('a', 'q')],
    {
      triggers: [
        { id: 'hook', type: 'webhook', config: { respond: 'accepted' } },
        { id: 'ask', type: 'form', config: { title: 'Ask', public: true } },
        { id: 'daily', type: 'schedule', config: { cron: '0 7 * * *' } },
      ],
    },
  );
  const workflow = (await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'hostile', definition })).id;
  const { urls } = await want<{ urls: { triggerId: string; url: string }[] }>(hub, 201, 'POST', `/workflows/${workflow}/publish`, {});
  const token = (trigger: string): string =>
    urls
      .find((one) => one.triggerId === trigger)
      ?.url.split('/')
      .at(-1) ?? 'none';
  const run = await start(hub, workflow);
  const plain = (await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'plain', definition: graph([out('o', 1)]) })).id;
  await want(hub, 201, 'POST', `/workflows/${plain}/publish`, {});
  const ended = await start(hub, plain);
  await settled(hub, ended);
  const file = new FormData();
  file.set('file', new Blob(['a,b\n1,2\n']), 'a.csv');
  const uploaded = await want<{ $file: string }>(hub, 201, 'POST', '/files', file);
  const credential = await want<{ id: string }>(hub, 201, 'POST', '/credentials', {
    name: `hostile ${randomUUID()}`,
    kind: 'bearer',
    values: { token: 'not-a-secret' },
    allowedHosts: ['example.com'],
  });
  const approvals = await want<{ items: { id: string }[] }>(hub, 200, 'GET', '/approvals');
  const byFolder: Record<string, string> = {
    workflows: workflow,
    runs: run,
    files: uploaded.$file,
    credentials: credential.id,
    approvals: approvals.items[0]?.id ?? workflow,
    connectors: 'http',
  };
  const byName: Record<string, string> = { nodeId: 'a', triggerId: 'hook', version: '1', seq: '1', templateId: 'product-reviews' };
  return {
    of(path, name, example) {
      const folder = /^\/api\/v1\/([\w-]+)/.exec(path)?.[1] ?? '';
      if (name === 'token') return folder === 'forms' ? token('ask') : token('hook');
      if (name === 'id') return byFolder[folder] ?? example ?? workflow;
      return byName[name] ?? example ?? 'x';
    },
  };
}
