/** Definitions in which every kind of node meets a secret's owner, or what came back from it, and ends well and badly. */
import { chain, graph, output } from '../../record/case.ts';

const node = (id: string, type: string, config: object, more: object = {}): object => ({ id, type, config, ...more });
const once = { retry: { maxAttempts: 1 } };

export interface Uses {
  connector: string;
  action: string;
  params: object;
}

/** One call with a credential; what it gives is the run's output, what it throws the run's error. */
export const oneCall = (uses: Uses, credentialId: string): object =>
  graph([node('call', kindOf(uses), { ...uses, credentialId }, once), output('result', '{{ nodes.call.output }}')], chain('call', 'result'));

const kindOf = ({ action }: Uses): string => (action.startsWith('send') ? 'action' : 'data_source');

/** The same with other params, twice: as a step that goes on behind its error, and as one that falls back. */
export const handled = (uses: Uses, credentialId: string): object =>
  graph(
    [
      node('one', kindOf(uses), { ...uses, credentialId }, { ...once, onError: { mode: 'continue' } }),
      node('two', kindOf(uses), { ...uses, credentialId }, { ...once, onError: { mode: 'branch' } }),
      node('code', 'code', { source: 'return { one: ctx.nodes.one.error ?? null, two: ctx.nodes.two?.error ?? null }' }),
      output('result', '{{ nodes.code.output }}'),
    ],
    [
      { from: 'one', to: 'two' },
      { from: 'two', to: 'code' },
      { from: 'two', fromPort: 'error', to: 'code' },
      { from: 'code', to: 'result' },
    ],
  );

/** A model call with a key of one's own, or the operator's. */
export const prompt = (model: string, credentialId?: string): object =>
  graph(
    [
      node('ask', 'prompt', { model, messages: [{ role: 'user', content: 'Hello' }], ...(credentialId === undefined ? {} : { credentialId }) }, once),
      output('result', '{{ nodes.ask.output }}'),
    ],
    chain('ask', 'result'),
  );

export interface ParadeNeeds {
  farUrl: string;
  ids: Record<string, string>;
  childId: string;
}

/** What came back of a call goes through every kind of node. */
export function parade({ farUrl, ids, childId }: ParadeNeeds): object {
  const echo = '{{ nodes.call.output.body }}';
  const http = (path: string) => ({
    connector: 'http',
    action: 'request',
    params: { method: 'POST', url: `${farUrl}${path}`, body: { said: echo } },
  });
  const nodes = [
    node('call', 'data_source', { connector: 'http', action: 'request', params: { url: `${farUrl}/echo/200` }, credentialId: ids['bearer'] }, once),
    node('shape', 'transform', { expression: 'nodes.call.output.body.words' }),
    node('code', 'code', { source: 'return { said: ctx.nodes.call.output, again: JSON.stringify(ctx.nodes.call.output) }' }),
    node('cond', 'condition', { left: '{{ nodes.shape.output }}', op: 'contains', right: 'you sent' }),
    node('switch', 'switch', { cases: [{ port: 'one', when: { left: '{{ nodes.code.output.said.status }}', op: 'eq', right: 200 } }] }),
    node('loop', 'loop', { mode: 'for_each', items: [echo, echo], result: '{{ nodes.each.output }}' }),
    node('each', 'action', { ...http('/echo/200?each=1'), credentialId: ids['header'] }, { parent: 'loop', ...once }),
    node('items', 'action', { ...http('/echo/422'), credentialId: ids['basic'], forEach: [1, 2], onItemError: 'collect' }, once),
    node('merge', 'merge', { mode: 'object' }),
    node('child', 'subworkflow', { workflowId: childId, input: { said: echo } }),
    node('score', 'evaluate', { value: '{{ nodes.shape.output }}', scorers: [{ type: 'length', max: 20 }] }),
    node(
      'mail',
      'notify',
      { channel: 'email', to: ['ada@example.com'], subject: '{{ nodes.shape.output }}', body: echo },
      { onError: { mode: 'continue' }, ...once },
    ),
    node(
      'slack',
      'notify',
      { channel: 'slack', credentialId: ids['slack-webhook'], text: '{{ nodes.shape.output }}' },
      { onError: { mode: 'continue' }, ...once },
    ),
    node(
      'hook',
      'notify',
      { channel: 'webhook', credentialId: ids['webhook-secret'], url: `${farUrl}/told/hook`, body: { said: echo } },
      { onError: { mode: 'continue' }, ...once },
    ),
    node(
      'badhook',
      'notify',
      { channel: 'webhook', credentialId: ids['webhook-secret'], url: `${farUrl}/told/hook?status=422`, body: { said: echo } },
      { onError: { mode: 'continue' }, ...once },
    ),
    node('model', 'prompt', { model: 'demo/echo', messages: [{ role: 'user', content: '{{ nodes.shape.output }}' }] }),
    node('wait', 'wait', { signal: 'go', timeout: '5m' }),
    node('ask', 'approval', { title: 'Publish?', body: '{{ nodes.shape.output }}' }),
    node('file', 'action', { connector: 'file', action: 'write-file', params: { name: 'said', format: 'json', content: echo } }),
    output('result', '{{ nodes.merge.output }}'),
  ];
  const line = [
    'call',
    'shape',
    'code',
    'cond',
    'loop',
    'items',
    'merge',
    'child',
    'score',
    'mail',
    'slack',
    'hook',
    'badhook',
    'model',
    'file',
    'wait',
    'ask',
  ];
  const edges = [
    ...chain(...line).map((edge) => ((edge as { from: string }).from === 'cond' ? { ...edge, fromPort: 'true' } : edge)),
    { from: 'cond', fromPort: 'true', to: 'switch' },
    { from: 'switch', fromPort: 'one', to: 'merge' },
    { from: 'ask', fromPort: 'approved', to: 'result' },
  ];
  return graph(nodes, edges);
}

/** The child of the parade. */
export const child = (): object =>
  graph([node('t', 'transform', { expression: 'input.said' }), output('result', '{{ nodes.t.output }}')], chain('t', 'result'));

/** Written by hand where nobody should: a text that is planted in every place, to see that the search finds it. */
export const planted = (values: readonly string[]): object => {
  const text = values.join(' ');
  return graph(
    [
      node('code', 'code', { source: `return { said: ${JSON.stringify(text)} }` }),
      node(
        'mail',
        'notify',
        { channel: 'email', to: ['ada@example.com'], subject: 'Planted', body: text },
        { onError: { mode: 'continue' }, ...once },
      ),
      node('throw', 'code', { source: `throw new Error(${JSON.stringify(text)})` }),
    ],
    chain('code', 'mail', 'throw'),
  );
};
