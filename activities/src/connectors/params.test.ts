import { describe, expect, it } from 'vitest';

import { connectorManifests, findAction } from './catalogue.ts';
import { requestSpec } from './http/actions/request/spec.ts';
import { checkDraftParams, parseParams } from './params.ts';
import { actionFor } from './registry.ts';
import type { ConnectorManifest } from './types.ts';

describe('params', () => {
  it('of a draft may hold templates anywhere, all other faults are named at once', () => {
    expect(
      checkDraftParams(requestSpec, { url: '{{ input.url }}', query: { limit: '{{ input.n }}' }, paging: '{{ vars.paging }}', expect: '{{ x }}' }),
    ).toEqual([]);
    expect(
      checkDraftParams(requestSpec, { method: 'FETCH', timeout: 5, expect: { status: 'ok' } })
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/expect/status', '/method', '/timeout', '/url']);
    expect(checkDraftParams(requestSpec, null)).toHaveLength(1);
    expect(checkDraftParams(requestSpec, { headers: 7 }).map(({ path, message }) => `${path} ${message}`)).toEqual([
      '/url is needed',
      '/headers wants an object',
    ]);
  });

  it('are converted where nothing is lost', () => {
    expect(parseParams(requestSpec, { url: 'https://a.example', expect: { status: ['200'] }, idempotent: 'true' })).toMatchObject({
      expect: { status: [200] },
      idempotent: true,
      method: 'GET',
    });
    expect(() => parseParams(requestSpec, { url: 'https://a.example', expect: { status: ['0200'] } })).toThrow(/step|params/);
    expect(() => parseParams(requestSpec, { url: 7 })).not.toThrow();
    expect(() => parseParams(requestSpec, { url: 'x', more: 1 })).toThrow('/more is not known');
  });
});

describe('the catalogue', () => {
  it('finds own actions only', () => {
    expect(findAction('http', 'request')).toBe(requestSpec);
    for (const [connector, action] of [
      ['http', 'toString'],
      ['__proto__', 'x'],
      ['constructor', 'name'],
      ['nothing', 'request'],
      ['http', '__proto__'],
    ] as const) {
      expect(findAction(connector, action)).toBeNull();
      expect(() => actionFor(connector, action)).toThrow(/no action/);
    }
  });

  it('has help, an example whose params hold, and described output for every action', () => {
    for (const manifest of Object.values(connectorManifests) as ConnectorManifest[]) {
      expect(manifest.help.length).toBeGreaterThan(20);
      for (const [id, spec] of Object.entries(manifest.actions)) {
        expect(spec.id).toBe(id);
        expect(spec.help.length).toBeGreaterThan(20);
        expect(spec.output.help.length).toBeGreaterThan(10);
        expect(checkDraftParams(spec, spec.example.params)).toEqual([]);
      }
    }
  });
});
