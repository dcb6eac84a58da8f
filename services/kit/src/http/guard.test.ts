/** S3: hostile addresses in many spellings, all refused before or at connect; nothing here leaves the machine. */
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { errorCode } from '../errors.ts';
import { emptyAllowList, isAllowedAddress, parseAllowList } from './addresses.ts';
import { createOutbound } from './create-outbound.ts';
import type { Outbound } from './outbound.ts';
import { hostileAddresses, publicAddresses } from './testing/hostile-hosts.ts';
import { checkUrl, hostIsIn } from './url-policy.ts';

const host = (address: string) => (address.includes(':') ? `[${address}]` : address);

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'no error';
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

let server: Server;
let port = 0;
let hits = 0;
beforeAll(async () => {
  server = createServer((_request, response) => {
    hits += 1;
    response.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

describe('the address policy', () => {
  it('refuses every special address and takes public ones', () => {
    expect(hostileAddresses.length).toBeGreaterThanOrEqual(60);
    expect(hostileAddresses.filter((address) => isAllowedAddress(emptyAllowList, address, false))).toEqual([]);
    expect(publicAddresses.filter((address) => !isAllowedAddress(emptyAllowList, address, false))).toEqual([]);
  });

  it('refuses them as URLs in every spelling, over http and https', async () => {
    const passed: string[] = [];
    for (const address of hostileAddresses) {
      for (const url of [`http://${host(address)}/`, `https://${host(address)}/`, `https://${host(address)}:8443/latest/meta-data`]) {
        if ((await codeOf(() => checkUrl(url, emptyAllowList))) !== 'http.blocked-address') passed.push(url);
      }
    }
    expect(passed).toEqual([]);
  });

  it('refuses odd spellings of hosts, schemes, user info and ports', async () => {
    const cases: [string, string][] = [
      ['http://①②⑦.⓪.⓪.①/', 'http.blocked-address'],
      ['http://127。0。0。1/', 'http.blocked-address'],
      ['http://0x7f.0x0.0x0.0x1/', 'http.blocked-address'],
      ['http://127.0.0.1./', 'http.blocked-address'],
      ['http:127.0.0.1', 'http.blocked-address'],
      ['http:\\\\127.0.0.1\\', 'http.blocked-address'],
      ['http://%31%32%37.0.0.1/', 'http.blocked-address'],
      ['http://[::ffff:169.254.169.254]/', 'http.blocked-address'],
      ['http://user:pass@example.com/', 'http.user-info'],
      ['https://example.com@127.0.0.1/', 'http.user-info'],
      ['file:///etc/passwd', 'http.blocked-scheme'],
      ['gopher://example.com/', 'http.blocked-scheme'],
      ['ftp://example.com/', 'http.blocked-scheme'],
      ['data:text/plain,hi', 'http.blocked-scheme'],
      ['javascript:alert(1)', 'http.blocked-scheme'],
      ['unix:/var/run/docker.sock', 'http.blocked-scheme'],
      ['ws://example.com/', 'http.blocked-scheme'],
      ['https://example.com:22/', 'http.blocked-port'],
      ['https://example.com:25/', 'http.blocked-port'],
      ['https://example.com:6379/', 'http.blocked-port'],
      ['https://example.com:5432/', 'http.blocked-port'],
      ['https://example.com:0/', 'http.blocked-port'],
      ['http://[fe80::1%25eth0]/', 'http.bad-url'],
      ['https://', 'http.bad-url'],
      ['/relative', 'http.bad-url'],
      ['', 'http.bad-url'],
      ['https://exa mple.com/', 'http.bad-url'],
      ['http://1.2.3.4.5.6/', 'http.bad-url'],
      ['http://256.256.256.256/', 'http.bad-url'],
      [`https://example.com/${'a'.repeat(20_000)}`, 'http.bad-url'],
    ];
    const wrong: string[] = [];
    for (const [url, code] of cases) {
      const got = await codeOf(() => checkUrl(url, emptyAllowList));
      if (got !== code) wrong.push(`${url.slice(0, 60)}: ${got}`);
    }
    expect(wrong).toEqual([]);
  });

  it('lets an operator list places and networks, but a listed name never reaches link-local', () => {
    const allow = parseAllowList('127.0.0.1:4010, [::1]:4010, stub.local:80 ,10.1.0.0/16');
    expect(checkUrl('http://127.0.0.1:4010/x', allow).port).toBe('4010');
    expect(checkUrl('http://[::1]:4010/x', allow).port).toBe('4010');
    expect(checkUrl('http://10.1.2.3:9999/', allow).hostname).toBe('10.1.2.3');
    expect(isAllowedAddress(allow, '192.168.0.5', true)).toBe(true);
    expect(isAllowedAddress(allow, '169.254.169.254', true)).toBe(false);
    expect(isAllowedAddress(allow, '10.2.0.1', false)).toBe(false);
    expect(() => checkUrl('http://127.0.0.1:4011/', allow)).toThrow(/not a public address/);
    for (const bad of ['127.0.0.1', '*:80', 'host:99999', '10.0.0.0/99']) expect(() => parseAllowList(bad)).toThrow(/HUB_OUTBOUND_ALLOW/);
  });

  it('knows the hosts of a credential, with port and subdomains', () => {
    const url = (text: string) => new URL(text);
    expect(hostIsIn(['api.example.com'], url('https://api.example.com/x'))).toBe(true);
    expect(hostIsIn(['api.example.com'], url('https://API.example.com./x'))).toBe(true);
    expect(hostIsIn(['api.example.com'], url('https://api.example.com:8443/x'))).toBe(false);
    expect(hostIsIn(['api.example.com'], url('https://evilapi.example.com/x'))).toBe(false);
    expect(hostIsIn(['*.example.com'], url('https://a.b.example.com/x'))).toBe(true);
    expect(hostIsIn(['*.example.com'], url('https://example.com/x'))).toBe(false);
    expect(hostIsIn(['*.example.com'], url('https://evilexample.com/x'))).toBe(false);
    expect(hostIsIn(['127.0.0.1:4010', '[::1]:4011'], url('http://127.0.0.1:4010/'))).toBe(true);
    expect(hostIsIn(['[::1]:4011'], url('http://[::1]:4011/'))).toBe(true);
    expect(hostIsIn(['*', '', '*.'], url('https://example.com/'))).toBe(false);
  });
});

describe('the guarded connector', () => {
  const answers = (list: LookupAddress[][]): Outbound => {
    let at = 0;
    return createOutbound({
      allow: emptyAllowList,
      resolve: (_name, _options, callback) => callback(null, list[Math.min(at++, list.length - 1)] ?? []),
    });
  };

  it('refuses names that resolve to any private address, also among public ones, and after rebinding', async () => {
    hits = 0;
    const cases: LookupAddress[][][] = [
      [[{ address: '127.0.0.1', family: 4 }]],
      [[{ address: '::1', family: 6 }]],
      [[{ address: '::ffff:127.0.0.1', family: 6 }]],
      [
        [
          { address: '93.184.216.34', family: 4 },
          { address: '10.0.0.1', family: 4 },
        ],
      ],
      [
        [
          { address: '2606:4700::1111', family: 6 },
          { address: '169.254.169.254', family: 4 },
        ],
      ],
      hostileAddresses.filter((address) => address.includes(':')).map((address) => [{ address, family: 6 }]),
    ];
    for (const list of cases) {
      for (const scheme of ['http', 'https']) {
        const outbound = answers(list);
        expect(await codeOf(() => outbound.request({ url: `${scheme}://rebind.example.com:8080/` }))).toBe('http.blocked-address');
        expect(await codeOf(() => outbound.fetch(`${scheme}://rebind.example.com:8080/`))).toBe('http.blocked-address');
        await outbound.close();
      }
    }
    expect(hits).toBe(0);
  });

  it('refuses a resolver that answers a name with a private one only at connect time', async () => {
    // The look-up that is checked is the look-up that is connected to: there is no second one to rebind.
    const outbound = createOutbound({ allow: emptyAllowList });
    expect(await codeOf(() => outbound.request({ url: `http://localhost:8080/` }))).toBe('http.blocked-address');
    expect(await codeOf(() => outbound.request({ url: `http://foo.localhost:8080/` }))).toMatch(/blocked-address|name-not-found/);
    await outbound.close();
  });

  it('reaches a listed place and only that one', async () => {
    hits = 0;
    const outbound = createOutbound({ allow: parseAllowList(`127.0.0.1:${port},localhost:${port}`) });
    const answer = await outbound.request({ url: `http://127.0.0.1:${port}/` });
    expect(Buffer.from(await answer.bytes()).toString()).toBe('inside');
    expect(await (await outbound.fetch(`http://localhost:${port}/`)).text()).toBe('inside');
    expect(await codeOf(() => outbound.request({ url: `http://127.0.0.2:${port}/` }))).toBe('http.blocked-address');
    expect(hits).toBe(2);
    await outbound.close();
  });
});
