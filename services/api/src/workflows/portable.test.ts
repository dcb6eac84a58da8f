import { type Definition, parseDefinition } from '@hub/dag';
import { describe, expect, it } from 'vitest';
import { fromPortable, referencesOf, toPortable } from './portable.ts';

const ids = ['0199c0de-7a11-7000-8000-000000000001', '0199c0de-7a11-7000-8000-000000000002', '0199c0de-7a11-7000-8000-000000000003'] as const;
function read(json: unknown): Definition {
  const parsed = parseDefinition(json);
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
  return parsed.definition;
}
const definition = read({
  schemaVersion: 1,
  triggers: [{ id: 'hook', type: 'webhook', config: { verify: { scheme: 'github', credentialId: ids[1] } } }],
  nodes: [
    {
      id: 'a',
      type: 'action',
      config: { credentialId: ids[0], params: { files: [{ $file: ids[2], name: 'a/b~c.csv' }], 'x/y': { workflowId: '{{ input.id }}' } } },
    },
    { id: 'b', type: 'action', config: { credentialId: ids[0] } },
  ],
  ui: { sampleInput: { file: { $file: ids[2] } }, nodes: { a: { x: 1 } } },
});
const names = (kind: string, id: string) =>
  id === ids[1] ? null : { name: kind === 'file' ? 'Reviews (1).csv' : 'CRM key', ...(kind === 'credential' ? { credentialKind: 'bearer' } : {}) };

describe('a definition as a file', () => {
  it('names what it needs by placeholders, once per thing, and holds no id', () => {
    const { definition: portable, placeholders } = toPortable(definition, names);
    expect(placeholders).toEqual([
      { kind: 'credential', placeholder: 'credential:crm-key', name: 'CRM key', credentialKind: 'bearer' },
      { kind: 'file', placeholder: 'file:reviews-1-.csv', name: 'Reviews (1).csv', credentialKind: null },
      { kind: 'credential', placeholder: 'credential:unknown', name: 'unknown', credentialKind: null },
    ]);
    for (const id of ids) expect(JSON.stringify(portable)).not.toContain(id);
    expect(portable.ui).toEqual({ nodes: { a: { x: 1 } } });
    expect(JSON.stringify(portable)).toContain('{{ input.id }}');
  });

  it('tells two things of one name apart', () => {
    const two = read({
      schemaVersion: 1,
      nodes: [ids[0], ids[1]].map((credentialId, at) => ({ id: `n${at}`, type: 'action', config: { credentialId } })),
    });
    expect(toPortable(two, () => ({ name: 'Same' })).placeholders.map(({ placeholder }) => placeholder)).toEqual([
      'credential:same',
      'credential:same-2',
    ]);
  });

  it('comes back as it was when all is connected, and lists every place that is not', () => {
    const { definition: portable, placeholders } = toPortable(definition, names);
    const all = { 'credential:crm-key': ids[0], 'file:reviews-1-.csv': ids[2], 'credential:unknown': ids[1] };
    expect(fromPortable(portable, placeholders, all)).toEqual({ definition: { ...definition, ui: { nodes: { a: { x: 1 } } } }, open: [] });
    const { open } = fromPortable(portable, placeholders, { 'file:reviews-1-.csv': ids[2] });
    expect(open.map(({ placeholder, at }) => [placeholder, at.map(({ path }) => path)])).toEqual([
      ['credential:crm-key', ['/nodes/0/config/credentialId', '/nodes/1/config/credentialId']],
      ['credential:unknown', ['/triggers/0/config/verify/credentialId']],
    ]);
  });

  it('finds references at any depth, with pointers that are escaped', () => {
    expect(referencesOf(definition).map(({ kind, path, nodeId }) => `${kind} ${path} ${nodeId}`)).toEqual([
      'credential /nodes/0/config/credentialId a',
      'file /nodes/0/config/params/files/0/$file a',
      'credential /nodes/1/config/credentialId b',
      'credential /triggers/0/config/verify/credentialId ',
    ]);
  });

  it('takes a placeholder named like a property of every object for what it is', () => {
    const odd = read({ schemaVersion: 1, nodes: [{ id: 'n', type: 'action', config: { credentialId: 'constructor' } }] });
    const { open } = fromPortable(odd, [{ kind: 'credential', placeholder: 'constructor', name: 'x' }], {});
    expect(open).toHaveLength(1);
  });
});
