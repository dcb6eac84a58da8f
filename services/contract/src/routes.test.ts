import { describe, expect, it } from 'vitest';
import { type RouteSpec, createClient, openAccess, permissions, rolePermissions, roles, routes, scopePermissions, urlOf } from './index.ts';

const table: [string, RouteSpec][] = Object.entries(routes);

describe('the route table', () => {
  it.each(table)('%s carries help and an example of its own shape', (_, spec) => {
    expect(spec.summary.length).toBeGreaterThan(3);
    expect(spec.help.length).toBeGreaterThan(5);
    if (spec.params) expect(spec.params.safeParse(spec.example.params).error).toBeUndefined();
    if (spec.query) expect(spec.query.safeParse(spec.example.query ?? {}).error).toBeUndefined();
    if (spec.body) expect(spec.body.safeParse(spec.example.body).error).toBeUndefined();
    if (spec.answer && spec.answerType !== 'bytes') expect(spec.answer.safeParse(spec.example.answer).error).toBeUndefined();
  });

  it('declares an access that exists for every route', () => {
    const known = new Set<string>([...Object.keys(permissions), ...openAccess]);
    expect(table.filter(([, spec]) => !known.has(spec.access)).map(([name]) => name)).toEqual([]);
  });

  it('has no two routes of one method and path', () => {
    const places = table.map(([, spec]) => `${spec.method} ${spec.path.replace(/:[^/]+/g, ':x')}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('refuses unknown fields in bodies, so no field can be assigned by accident', () => {
    for (const [name, spec] of table) {
      if (!spec.body) continue;
      const result = spec.body.safeParse({ ...(spec.example.body as object), isAdmin: true });
      expect(result.success, name).toBe(false);
    }
  });
});

describe('permissions', () => {
  it('let each role do all that the role below it may do', () => {
    const order = [...roles].reverse();
    for (const [i, role] of order.entries()) {
      const below = order[i - 1];
      if (below) for (const permission of rolePermissions[below]) expect(rolePermissions[role].has(permission)).toBe(true);
    }
  });

  it('give an unknown scope nothing and never more than an admin', () => {
    expect(scopePermissions(['root', '__proto__', 'constructor']).size).toBe(0);
    expect(scopePermissions(['*'])).toEqual(new Set(rolePermissions.admin));
    expect([...scopePermissions(['run.start'])]).toEqual(['run.start']);
  });
});

describe('the client', () => {
  it('fills paths with encoded values and refuses a missing one', () => {
    expect(urlOf('/a/:id/b', { id: 'x/..' }, { wait: 3, no: undefined })).toBe('/a/x%2F../b?wait=3');
    expect(() => urlOf('/a/:id')).toThrow(/missing path parameter id/);
  });

  it('turns a problem answer into an ApiError with its code', async () => {
    const answer = { type: 'about:blank', title: 'Conflict', status: 409, code: 'workflow.not-active', detail: 'no' };
    const client = createClient({
      baseUrl: 'http://hub',
      apiKey: 'hub_x',
      fetch: async () => new Response(JSON.stringify(answer), { status: 409, headers: { 'retry-after': '2' } }),
    });
    await expect(client.startRun({ params: { id: '0199c0de-7a11-7000-8000-000000000001' }, body: {} })).rejects.toMatchObject({
      code: 'workflow.not-active',
      status: 409,
      retryAfterSeconds: 2,
    });
  });
});
