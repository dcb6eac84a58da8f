/** Fifty strings that stand in every place that may reach Temporal, and a search that sees through bytes, base64 and hex. */
import { randomBytes } from 'node:crypto';
import { chain, graph, output } from '../../record/case.ts';

export const canaryCount = 50;

/** `canary<n>` and some random hex: no other text of a history looks like it. */
export function makeCanaries(): string[] {
  return Array.from({ length: canaryCount }, (_, n) => `canary${n}x${randomBytes(8).toString('hex')}`);
}

export interface Carrier {
  name: string;
  definition: object;
  input: Record<string, string>;
  /** Said to the run once it waits. */
  signal?: { name: string; payload: unknown };
  cancel?: true;
}

const node = (id: string, type: string, config: object, more: object = {}): object => ({ id, type, config, ...more });

/** Workflows that carry them all: names, labels, inputs, outputs, errors, signals, items, ports, names of outputs. */
export function carriers(canaries: string[], stub: string): Carrier[] {
  let next = 0;
  const c = (): string => canaries[next++ % canaries.length] ?? '';
  const thrown = (): string => `throw new Error('it broke: ${c()}')`;
  const many: Carrier[] = [
    {
      name: `Values ${c()}`,
      definition: graph(
        [
          node('a', 'transform', { expression: `'${c()}' & input.text` }, { label: `Label ${c()}` }),
          node('b', 'code', { source: `return { said: '${c()}', text: ctx.input.text }` }, { label: `Code ${c()}`, notes: c() }),
          node('w', 'wait', { signal: 'go' }, { label: `Wait ${c()}` }),
          output('result', `{{ nodes.b.output.said }} ${c()} {{ nodes.w.output.payload }}`),
        ],
        chain('a', 'b', 'w', 'result'),
      ),
      input: { text: c(), more: c() },
      signal: { name: 'go', payload: { secret: c(), more: [c(), c()] } },
    },
    {
      name: `Items ${c()}`,
      definition: graph(
        [
          node('l', 'loop', { mode: 'for_each', items: [c(), c(), c()], onItemError: 'collect', result: '{{ item }}' }, { label: `Loop ${c()}` }),
          node(
            'i',
            'code',
            { source: `if (ctx.index === 1) throw new Error('item ${c()}: ' + ctx.item); return ctx.item` },
            { parent: 'l', label: c() },
          ),
          node('s', 'switch', { cases: [{ port: 'one', when: { left: c(), op: 'eq', right: c() } }] }, { label: c() }),
          output('result', '{{ nodes.l.output }}'),
        ],
        [...chain('l', 's'), { from: 's', fromPort: 'default', to: 'result' }],
      ),
      input: { text: c() },
    },
    {
      name: `Calls ${c()}`,
      definition: graph(
        [
          node(
            'h',
            'action',
            { connector: 'http', action: 'request', params: { method: 'PUT', url: `${stub}/work?of=${c()}`, body: { text: c() } } },
            { label: `Call ${c()}` },
          ),
          node(
            'n',
            'action',
            { connector: 'http', action: 'request', params: { method: 'GET', url: `http://${c()}.invalid/` } },
            { label: c(), retry: { maxAttempts: 2, initialMs: 100 }, onError: { mode: 'continue' } },
          ),
          node('f', 'code', { source: thrown() }, { label: `Falls back ${c()}`, onError: { mode: 'fallback', value: { text: c() } } }),
          output('result', '{{ nodes.f.output }}'),
        ],
        chain('h', 'n', 'f', 'result'),
      ),
      input: { text: c() },
    },
    {
      name: `Asks ${c()}`,
      definition: graph([node('w', 'approval', { title: c(), body: c() }, { label: `Ask ${c()}` })], []),
      input: { text: c() },
      cancel: true,
    },
  ];
  // What is left over ends runs: the last failure of a run is the failure of its workflow.
  while (next < canaryCount)
    many.push({ name: `Fails ${c()}`, definition: graph([node('f', 'code', { source: thrown() }, { label: c() })], []), input: { text: c() } });
  return many;
}

/** The canaries that stand somewhere in a value, in text or in bytes. */
export function found(canaries: readonly string[], value: unknown): Set<string> {
  const texts: string[] = [];
  const walk = (part: unknown): void => {
    if (typeof part === 'string') texts.push(part);
    else if (part instanceof Uint8Array) texts.push(Buffer.from(part).toString('latin1'));
    else if (Array.isArray(part)) for (const one of part) walk(one);
    else if (typeof part === 'object' && part !== null) {
      texts.push(...Object.keys(part));
      for (const one of Object.values(part)) walk(one);
    }
  };
  walk(value);
  const all = texts.join('\n');
  return new Set(canaries.filter((canary) => forms(canary).some((form) => all.includes(form))));
}

/** As it is, in hex, and in base64 at each of the three places it can begin (what its neighbours share is cut off). */
function forms(canary: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + canary).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [canary, Buffer.from(canary).toString('hex'), ...base64];
}
