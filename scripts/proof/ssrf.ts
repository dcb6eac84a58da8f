/** S3: hostile hosts in many spellings over six outbound surfaces, all refused before a byte is sent; public ones pass the guard. */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { createServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { credentialKinds } from '@hub/kit/credentials';
import { errorCode } from '@hub/kit/errors';
import { createOutbound, type Outbound, parseAllowList } from '@hub/kit/http';
import { createOAuthClient } from '@hub/kit/vault';
import { hostileAddresses, publicAddresses } from '../../services/kit/src/http/testing/hostile-hosts.ts';
import type { Measured } from './lib/proof.ts';

/** Names whose answers are an attack: private, mixed, other at every look-up. */
let asked = 0;
const names: Record<string, () => string[]> = {
  'private.attack.test': () => ['10.0.0.5'],
  'metadata.attack.test': () => ['169.254.169.254'],
  'mixed.attack.test': () => ['93.184.216.34', '127.0.0.1'],
  'mixed-six.attack.test': () => ['2606:4700::1111', '::1'],
  'rebind.attack.test': () => ((asked += 1), asked % 2 === 0 ? ['127.0.0.1'] : ['192.168.0.1']),
  'mapped.attack.test': () => ['::ffff:127.0.0.1'],
  'xn--mnchen-3ya.attack.test': () => ['127.0.0.1'],
};
const refusals = new Set([
  'http.blocked-address',
  'http.blocked-port',
  'http.bad-url',
  'http.user-info',
  'http.blocked-scheme',
  'http.host-not-allowed',
]);
const limits = { connectTimeoutMs: 300, headersTimeoutMs: 300, totalTimeoutMs: 600 };

type Surface = (http: Outbound, host: string, port: number) => Promise<unknown>;
const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);
const anyHost = (host: string, port: number) => [`${bracketed(host)}:${port}`];
const kind = credentialKinds['oauth2-client-credentials'];

const surfaces: Record<string, Surface> = {
  'a request (HTTP step, webhooks, polls)': (http, host, port) => http.request({ url: `https://${bracketed(host)}:${port}/` }),
  'fetch (models, base URL)': (http, host, port) => http.fetch(`https://${bracketed(host)}:${port}/`),
  'fetch of an SDK with a credential': (http, host, port) =>
    http.fetchFor(anyHost(host, port))(`https://${bracketed(host)}:${port}/`, { headers: { authorization: 'Bearer x' } }),
  'the token address of OAuth': (http, host, port) =>
    createOAuthClient({ fetchFor: (hosts) => http.fetchFor(hosts, limits) }).clientCredentials(kind, {
      tokenUrl: `https://${bracketed(host)}:${port}/token`,
      clientId: 'a',
      clientSecret: 'b',
    }),
  'TCP (databases, mail)': async (http, host, port) =>
    (
      await http.connect({
        host,
        port: port === 443 ? 5432 : port,
        use: 'database',
        allowedHosts: anyHost(host, port === 443 ? 5432 : port),
        timeoutMs: 300,
      })
    ).destroy(),
  'the agent of an SDK': (http, host, port) =>
    new Promise((resolve, reject) => {
      const asking = httpsRequest({ host, port, agent: http.agentFor(anyHost(host, port)), timeout: 500 }, resolve);
      asking
        .on('error', reject)
        .on('timeout', () => asking.destroy(new Error('timeout')))
        .end();
    }),
};

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
      const code = errorCode(at);
      if (code?.startsWith('http.')) return code;
    }
    return errorCode(error) ?? String(error);
  }
}

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.end('reached');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const http = createOutbound({
    allow: parseAllowList(''),
    limits,
    resolve: (name, options, callback) => {
      const answer = names[name]?.().map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (answer === undefined) lookup(name, { ...options, all: true }, callback);
      else callback(null, answer);
    },
  });
  const forms = [...hostileAddresses, 'localhost', ...Object.keys(names)];
  let blocked = 0;
  let passed = 0;
  try {
    for (const [surface, call] of Object.entries(surfaces)) {
      for (const host of forms) {
        const code = await outcome(() => call(http, host, 443));
        if (refusals.has(code)) blocked += 1;
        else log(`${surface}, ${host}: ${code}`);
      }
    }
    const extra = [
      `https://ada:pw@127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      'https://example.com:22/',
      'https://example.com:6379/',
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'https://①②⑦.⓪.⓪.①/',
      'https://127。0。0。1/',
      'https://[::ffff:127.0.0.1]/',
    ];
    const refused = await Promise.all(extra.map((url) => outcome(() => http.request({ url }))));
    extra.forEach((url, at) => refusals.has(refused[at] ?? '') || log(`${url}: ${refused[at]}`));
    const legitimate = await Promise.all(publicAddresses.map((host) => outcome(() => http.request({ url: `https://${bracketed(host)}/` }))));
    passed = legitimate.filter((code) => !refusals.has(code)).length;
    const tries = forms.length * Object.keys(surfaces).length;
    return [
      {
        figure: `${blocked} of ${tries} blocked: ${forms.length} hosts x ${Object.keys(surfaces).length} surfaces`,
        want: 'all of 360 and more',
        ok: tries >= 360 && blocked === tries,
      },
      {
        figure: `${refused.filter((code) => refusals.has(code)).length} of ${extra.length} hostile URLs blocked (user info, ports, schemes, other spellings)`,
        want: 'all',
        ok: refused.every((code) => refusals.has(code)),
      },
      {
        figure: `${passed} of ${publicAddresses.length} public places pass the guard; the server on loopback was reached ${hits} times`,
        want: '20 of 20, 0',
        ok: passed === publicAddresses.length && hits === 0,
      },
    ];
  } finally {
    await http.close();
    server.close();
  }
}
