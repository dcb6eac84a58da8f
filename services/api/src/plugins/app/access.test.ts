import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { isLoopbackHttp, readApiEnv } from '../../env.ts';
import { accessPlugin } from './access.ts';
import { addressKey } from './rates.ts';
import { checkOrigin, csrfToken } from '../../auth/csrf.ts';
import { safePath } from '../../http/safe-path.ts';

describe('the server', () => {
  const withRoute = async (config: object) => {
    const app = Fastify();
    await app.register(accessPlugin, { deps: {}, identify: {} } as never);
    app.get('/x', { config }, async () => 'x');
    await app.ready();
    await app.close();
  };

  it('does not start with a route that declares no access, or one that does not exist', async () => {
    await expect(withRoute({})).rejects.toMatchObject({ code: 'server.undeclared-route' });
    await expect(withRoute({ access: 'root' })).rejects.toMatchObject({ code: 'server.undeclared-route' });
    await expect(withRoute({ access: 'run.read' })).resolves.toBeUndefined();
  });

  it('does not start without secrets of its own, and names every fault without a value', () => {
    try {
      readApiEnv({ HUB_SESSION_KEY: 'c2VjcmV0LXZhbHVl', HUB_URL: 'http://localhost:3000' });
      expect.unreachable();
    } catch (error) {
      const message = (error as Error).message;
      for (const name of ['DATABASE_URL', 'DATABASE_AUTH_URL', 'TEMPORAL_ADDRESS', 'HUB_SESSION_KEY', 'HUB_CREDENTIAL_KEYS', 'HUB_BLOB_KEY'])
        expect(message).toContain(name);
      expect(message).not.toContain('c2VjcmV0');
    }
  });

  it('takes plain http on loopback only', () => {
    expect(isLoopbackHttp('http://localhost:3000')).toBe(true);
    expect(isLoopbackHttp('http://127.0.0.1:1')).toBe(true);
    expect(isLoopbackHttp('http://localhost.evil.example')).toBe(false);
    expect(isLoopbackHttp('https://localhost')).toBe(false);
  });
});

describe('an address', () => {
  it('counts as itself for IPv4, by its /64 for IPv6, and as IPv4 where it is one in disguise', () => {
    expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:db8:1:2:ffff::9'));
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
    expect(addressKey('nonsense')).toBe('unknown');
  });
});

describe('a redirect', () => {
  it.each([
    ['/runs/1?a=b#c', '/runs/1?a=b#c'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/a\r\nset-cookie: x', '/'],
    [undefined, '/'],
  ])('to %s leads to %s', (path, to) => expect(safePath(path)).toBe(to));
});

describe('CSRF', () => {
  it('takes only our own origin, and none only where that is allowed', () => {
    const url = 'http://localhost:3000';
    expect(() => checkOrigin({ origin: url }, url, true)).not.toThrow();
    expect(() => checkOrigin({}, url, false)).not.toThrow();
    expect(() => checkOrigin({}, url, true)).toThrow();
    for (const origin of ['null', 'http://localhost:3001', 'https://localhost:3000', 'http://localhost:3000.evil.example'])
      expect(() => checkOrigin({ origin }, url, false)).toThrow();
  });

  it('binds the token to one session and one key', () => {
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(csrfToken(a, 's1')).not.toBe(csrfToken(a, 's2'));
    expect(csrfToken(a, 's1')).not.toBe(csrfToken(b, 's1'));
  });
});
