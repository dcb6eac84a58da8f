/** The running hub that a browser test looks at: HUB_E2E_URL and HUB_E2E_DEMO (its demo.json), as `vitest --project e2e` or a running `npm start` gives them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Client, createClient } from '@hub/contract';
import { launcherToken, needed } from './env.ts';

export interface TestHub {
  url: string;
  client: Client;
  /** A one-time link that signs the demo person in and leads to `path`. */
  signInLink(path: string): Promise<string>;
}

interface Demo {
  url: string;
  apiKey: string;
}

/** Reads one secret of the launcher from the state folder beside demo.json. */
function secretOf(demoFile: string, name: string): string {
  const line = readFileSync(join(dirname(demoFile), 'secrets.env'), 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}=`));
  if (!line) throw new Error(`${name} is not in the secrets beside ${demoFile}`);
  return line.slice(name.length + 1).trim();
}

/** `given`: a hub that one started oneself, instead of that of the environment. */
export function testHub(given?: { url: string; demoFile: string }): TestHub {
  const demoFile = given?.demoFile ?? needed('HUB_E2E_DEMO');
  const url = given?.url ?? needed('HUB_E2E_URL');
  const demo = JSON.parse(readFileSync(demoFile, 'utf8')) as Demo;
  const client = createClient({ baseUrl: url, apiKey: demo.apiKey });
  const token = launcherToken() ?? secretOf(demoFile, 'HUB_LAUNCHER_TOKEN');
  const launcher = createClient({ baseUrl: url, headers: { 'x-hub-launcher-token': token } });
  return { url, client, signInLink: async (path) => (await launcher.createSignInLink({ body: { next: path } })).url };
}

/** Some definition that takes a while: a prompt per item, then a condition and an output. Made and published; answers its id. */
export async function slowWorkflow(client: Client, name: string): Promise<string> {
  const made = await client.createWorkflow({
    body: {
      name,
      definition: {
        schemaVersion: 1,
        inputs: { type: 'object', properties: { texts: { type: 'array', items: { type: 'string' } } }, required: ['texts'] },
        nodes: [
          {
            id: 'classify',
            type: 'prompt',
            label: 'Classify each text',
            config: {
              model: 'demo/rules',
              forEach: '{{ input.texts }}',
              concurrency: 2,
              messages: [{ role: 'user', content: 'Classify the sentiment of this text: {{ item }}' }],
            },
          },
          { id: 'many', type: 'condition', label: 'More than one?', config: { left: '{{ $count(nodes.classify.output) }}', op: 'gt', right: 1 } },
          { id: 'result', type: 'output', label: 'Answers', config: { name: 'answers', value: '{{ nodes.classify.output }}' } },
        ],
        edges: [
          { from: 'classify', to: 'many' },
          { from: 'many', fromPort: 'true', to: 'result' },
        ],
      },
    },
  });
  await client.publishWorkflow({ params: { id: made.id }, body: { note: 'For the browser test' } });
  return made.id;
}
