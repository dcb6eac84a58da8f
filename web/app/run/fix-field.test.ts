import { ApiError } from '@hub/contract';
import { describe, expect, it } from 'vitest';
import { fixField, withText } from './fix-field.server.ts';

describe('putting one field right', () => {
  const node = { id: 'file', config: { params: { name: '{{ input.gone }}', to: ['a', 'b'], often: 3 } } };

  it('changes the text at the place, and nothing of what was given', () => {
    const before = structuredClone(node);
    expect(withText(node, ['config', 'params', 'name'], 'report')).toEqual({
      ...node,
      config: { params: { ...node.config.params, name: 'report' } },
    });
    expect(withText(node, ['config', 'params', 'to', '1'], 'c')).toMatchObject({ config: { params: { to: ['a', 'c'] } } });
    expect(node).toEqual(before);
  });

  it('is null where no text stands there', () => {
    for (const parts of [['config', 'params', 'often'], ['config', 'params', 'to'], ['config', 'gone'], ['config', 'params', 'to', '9'], []])
      expect(withText(node, parts, 'x')).toBeNull();
    expect(withText(undefined, ['config'], 'x')).toBeNull();
    expect(withText({}, ['__proto__', 'x'], 'x')).toBeNull();
  });
});

describe('publishing it', () => {
  const definition = { schemaVersion: 1, nodes: [{ id: 'file', type: 'action', config: { params: { name: '{{ input.gone }}' } } }] };
  const problem = (status: number, code: string): ApiError =>
    new ApiError({ type: 'about:blank', title: code, status, code, detail: 'It cannot be now.', requestId: 'r', errors: [] }, null);

  /** A workflow that refuses to be published by `fault`; `meanwhile` happens to it just before. */
  function hub(fault: ApiError | null, meanwhile: (held: { revision: number; definition: unknown; published: number }) => void = () => undefined) {
    const held = { revision: 4, definition: definition as unknown, published: 1, publishedDefinition: definition as unknown };
    const answer = () => ({
      ...held,
      publishedVersion: held.published,
      draftChanged: JSON.stringify(held.definition) !== JSON.stringify(held.publishedDefinition),
    });
    const client = {
      getRun: async () => ({ workflowId: 'w', version: 1 }),
      getWorkflow: async () => answer(),
      validateWorkflow: async () => ({ ok: true, errors: [], warnings: [] }),
      updateWorkflow: async (call: { ifMatch: number; body: { definition: unknown } }) => {
        if (call.ifMatch !== held.revision) throw problem(412, 'request.stale');
        Object.assign(held, { revision: held.revision + 1, definition: call.body.definition });
        return answer();
      },
      publishWorkflow: async (call: { ifMatch?: number }) => {
        meanwhile(held);
        if (fault) throw fault;
        if (call.ifMatch !== undefined && call.ifMatch !== held.revision) throw problem(412, 'request.stale');
        Object.assign(held, { published: held.published + 1, publishedDefinition: held.definition });
        return { version: held.published };
      },
    };
    const form = new FormData();
    for (const [name, value] of Object.entries({ nodeId: 'file', field: '/params/name', value: 'report' })) form.set(name, value);
    return { held, fix: () => fixField(client as unknown as Parameters<typeof fixField>[0], 'run-123456', form) };
  }
  const mended = { ...definition, nodes: [{ ...definition.nodes[0], config: { params: { name: 'report' } } }] };

  it('saves, publishes what it saved, and says which version', async () => {
    const { held, fix } = hub(null);
    expect(await fix()).toMatchObject({ done: 'Version 2 published' });
    expect(held).toMatchObject({ publishedDefinition: mended, definition: mended });
  });

  it('gives the draft back where it cannot be published', async () => {
    const { held, fix } = hub(problem(403, 'plan.limit'));
    await expect(fix()).rejects.toMatchObject({ code: 'plan.limit' });
    expect(held).toMatchObject({ definition, publishedDefinition: definition, published: 1 });
  });

  it('publishes nothing that somebody saved in between, and leaves it to them', async () => {
    const theirs = { ...mended, settings: { tags: ['theirs'] } };
    const { held, fix } = hub(null, (now) => Object.assign(now, { revision: now.revision + 1, definition: theirs }));
    expect(await fix()).toMatchObject({ problem: { detail: expect.stringMatching(/^Somebody else saved the draft/) } });
    expect(held).toMatchObject({ definition: theirs, publishedDefinition: definition, published: 1 });
  });

  it('finds a version whose answer was lost', async () => {
    const { held, fix } = hub(problem(503, 'hub.busy'), (now) => Object.assign(now, { published: 2, publishedDefinition: now.definition }));
    expect(await fix()).toMatchObject({ done: 'Version 2 published' });
    expect(held.definition).toEqual(mended);
  });
});
