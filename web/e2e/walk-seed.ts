/** What the walk over every button needs beside the seeded hub: a draft with each kind of step and a step of each connector, a form, an approval and an invitation for people from outside. */
import type { Client } from '@hub/contract';
import { kinds, triggerKinds } from '@hub/dag';
import type { ConnectorEntry } from '../app/builder/model/catalogue.ts';
import { slowWorkflow } from './hub.ts';

export interface Seeded {
  /** Pages for somebody signed in. */
  paths: string[];
  /** The same, where one look is enough: what is new there is what each connector asks for. */
  once: string[];
  /** Addresses of pages for people without an account. */
  outside: string[];
  /** Of a path: gives its draft back as it was made. */
  asItWas: ReadonlyMap<string, () => Promise<void>>;
}

type Body = Record<string, unknown>;

/** Every kind, one after another. Ids of the examples are their own; the loop has the code step as its body. */
function everyKind(): Body {
  const nodes = Object.values(kinds)
    .filter(({ runs }) => runs)
    .map(({ type, label, example }) => ({
      id: `k_${type}`,
      type,
      label: `${label}, as an example`,
      config: example.config,
      ...(type === 'code' ? { parent: 'k_loop' } : {}),
    }));
  const chain = nodes.filter((node) => !('parent' in node));
  return {
    schemaVersion: 1,
    inputs: {
      type: 'object',
      properties: {
        text: { type: 'string', title: 'Text' },
        many: { type: 'array', items: { type: 'string' } },
        often: { type: 'integer', default: 3 },
      },
    },
    triggers: Object.values(triggerKinds).map(({ example }) => example),
    nodes: nodes.toSorted((a, b) => Number(b.type === 'loop') - Number(a.type === 'loop')),
    edges: chain.slice(1).map((node, index) => ({ from: chain[index]?.id, to: node.id })),
  };
}

async function everyConnector(client: Client): Promise<Body> {
  const { items } = await client.listConnectors();
  const nodes = (items as unknown as ConnectorEntry[]).flatMap(({ id, title, actions }) => {
    const action = actions.find(({ params }) => JSON.stringify(params).includes('fieldsOf')) ?? actions.at(-1);
    if (!action) return [];
    const type = action.kind === 'read' ? 'data_source' : 'action';
    return [
      {
        id: `c_${id.replaceAll('-', '_')}`,
        type,
        label: `${title}: ${action.title}`,
        config: { connector: id, action: action.id, params: action.example.params },
      },
    ];
  });
  return { schemaVersion: 1, nodes, edges: nodes.slice(1).map((node, index) => ({ from: nodes[index]?.id, to: node.id })) };
}

const asking: Body = {
  schemaVersion: 1,
  inputs: { type: 'object', properties: { email: { type: 'string', title: 'E-mail' }, file: { type: 'string' } }, required: ['email'] },
  triggers: [
    { id: 'manual', type: 'manual' },
    { id: 'ask', type: 'form', config: { title: 'New order', public: true } },
  ],
  nodes: [
    {
      id: 'ok',
      type: 'approval',
      label: 'Somebody agrees',
      config: {
        title: 'Send the order of {{ input.email }}?',
        body: 'It costs 12.40.',
        form: { type: 'object', properties: { note: { type: 'string', title: 'Note' } } },
      },
    },
    {
      id: 'tell',
      type: 'notify',
      label: 'Tell somebody',
      config: { channel: 'email', to: ['outside@example.com'], subject: 'Somebody asks', body: 'Answer here: {{ run.resumeUrls.ok }}' },
    },
    { id: 'result', type: 'output', label: 'Answer', config: { name: 'answer', value: '{{ nodes.ok.output }}' } },
  ],
  edges: [{ from: 'ok', fromPort: 'approved', to: 'result' }],
};

async function until<T>(look: () => Promise<T | null | undefined>): Promise<T | null> {
  for (let tries = 0; tries < 60; tries++) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return null;
}

/** What gives a draft back as it was made, whatever was saved since. */
function giving(client: Client, id: string, definition: Body): () => Promise<void> {
  return async () => {
    for (let tries = 0; tries < 5; tries++) {
      const { revision } = await client.getWorkflow({ params: { id } });
      const done = await client.updateWorkflow({ params: { id }, ifMatch: revision, body: { definition } }).then(
        () => true,
        () => false,
      );
      if (done) return;
    }
    throw new Error('The draft of the walk could not be given back as it was.');
  };
}

/** Makes them. `mails` reads the mails that were not sent, as the person who runs the hub. */
export async function seedWalk(client: Client, url: string, invite: () => Promise<void>, mails: () => Promise<string[]>): Promise<Seeded> {
  const before = new Set(await mails());
  const drafts = { all: everyKind(), connected: await everyConnector(client) };
  const [all, connected] = [
    await client.createWorkflow({ body: { name: 'Every kind of step', definition: drafts.all } }),
    await client.createWorkflow({ body: { name: 'A step of every connector', definition: drafts.connected } }),
  ];
  const asks = await client.createWorkflow({ body: { name: 'Asks somebody', definition: asking } });
  const { urls = [] } = await client.publishWorkflow({ params: { id: asks.id }, body: { note: 'For the walk' } });
  const key = await client.createCredential({
    body: { name: `CRM key ${crypto.randomUUID().slice(0, 8)}`, kind: 'bearer', values: { token: 'of the walk' }, allowedHosts: ['api.example.com'] },
  });
  const slow = await slowWorkflow(client, 'Classifies texts');
  const { id: waiting } = await client.startRun({ params: { id: asks.id }, body: { input: { email: 'ann@example.com' } } });
  const started = [0, 1].map(() => client.startRun({ params: { id: slow }, body: { input: { texts: ['it broke', 'I love it'] } } }));
  const [a, b] = await Promise.all(started);
  await invite();
  const links = async (): Promise<string[] | null> => {
    const fresh = (await mails()).filter((text) => !before.has(text));
    const found = fresh.flatMap((text) => text.match(/https?:\/\/\S+\/(?:invitations|resume)\/[\w-]+/g) ?? []);
    return found.length >= 2 ? found : null;
  };
  const mailed = (await until(links)) ?? [];
  // A link to answer leads to the page that asks.
  const led = mailed.map(async (link) => {
    const path = new URL(link).pathname;
    const to = path.includes('/resume/') ? (await fetch(url + path, { redirect: 'manual' })).headers.get('location') : null;
    return new URL(to ?? path, url).href;
  });
  return {
    paths: [
      `/workflows/${all.id}/edit`,
      `/connections/${key.id}`,
      `/workflows/${asks.id}`,
      `/workflows/${asks.id}/triggers`,
      `/runs/${waiting}`,
      `/runs/compare?a=${a?.id}&b=${b?.id}`,
    ],
    once: [`/workflows/${connected.id}/edit`],
    asItWas: new Map([
      [`/workflows/${all.id}/edit`, giving(client, all.id, drafts.all)],
      [`/workflows/${connected.id}/edit`, giving(client, connected.id, drafts.connected)],
    ]),
    outside: [...urls.map((each) => each.url), ...(await Promise.all(led))],
  };
}
