/** What can be said about a URL before any connection. */
import { UserError } from '../errors.ts';
import { bareHost, isAllowedAddress, isListedPlace, isLiteral } from './addresses.ts';
import type { AllowList } from './addresses.ts';

/** Ports a request may go to; others only when the operator lists them. */
export const allowedPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);
const maxUrlLength = 16_384;

/** The port a URL goes to. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** A URL for messages and logs: without query, fragment and user info, where secrets may stand. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 300);
}

/**
 * Parses and checks a URL.
 * @throws UserError `http.bad-url`, `http.blocked-scheme`, `http.user-info`, `http.blocked-port`, `http.blocked-address`.
 */
export function checkUrl(text: string | URL, allow: AllowList): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError('http.bad-url', 'The URL cannot be read.', { remedy: 'Give a whole URL, e.g. https://api.example.com/v1/items.' });
  }
  if (url.href.length > maxUrlLength) throw new UserError('http.bad-url', `The URL is longer than ${maxUrlLength} characters.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UserError('http.blocked-scheme', `URLs of the kind "${url.protocol}" are not called.`, { remedy: 'Use https.' });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError('http.user-info', 'The URL carries a user name or password.', {
      remedy: 'Store them as a credential of kind basic and choose it in the step.',
    });
  }
  const listed = isListedPlace(allow, url.hostname, portOf(url));
  if (isLiteral(url.hostname) && !isAllowedAddress(allow, bareHost(url.hostname), listed)) throw blockedAddress(url.hostname, portOf(url));
  const inListedNetwork =
    isLiteral(url.hostname) && allow.networks.length > 0 && !isAllowedAddress({ ...allow, networks: [] }, bareHost(url.hostname), false);
  if (!listed && !inListedNetwork && !allowedPorts.has(portOf(url))) {
    throw new UserError('http.blocked-port', `Port ${portOf(url)} is not called.`, {
      remedy: `Use one of ${[...allowedPorts].join(', ')}, or ask the operator to list ${url.hostname}:${portOf(url)} in HUB_OUTBOUND_ALLOW.`,
    });
  }
  url.hash = '';
  return url;
}

/** The refusal of an address; it does not tell to what a name resolved, but what the operator would have to list. */
export function blockedAddress(hostname: string, port: number): UserError {
  const host = bareHost(hostname);
  return new UserError('http.blocked-address', `"${host}" is not a public address, so the hub does not call it.`, {
    remedy: `Use a public host, or ask the operator to add ${host.includes(':') ? `[${host}]` : host}:${port} to HUB_OUTBOUND_ALLOW.`,
    status: 422,
  });
}

/**
 * True when a credential may go to this URL: `api.example.com` (default port only), `*.example.com`, or `host:port`.
 */
export function hostIsIn(hosts: readonly string[], url: URL): boolean {
  const host = bareHost(url.hostname);
  return hosts.some((entry) => {
    const [, name = '', port] =
      /^(.*?)(?::(\d+))?$/.exec(
        entry
          .trim()
          .toLowerCase()
          .replace(/^\[(.*)\]/, '$1'),
      ) ?? [];
    const literalV6 = isLiteral(entry.trim());
    const wantedPort = literalV6 || port === undefined ? (url.protocol === 'https:' ? 443 : 80) : Number(port);
    const wantedName = literalV6 ? bareHost(entry.trim()) : name;
    if (portOf(url) !== wantedPort || wantedName === '') return false;
    return wantedName.startsWith('*.') ? wantedName.length > 3 && host.endsWith(wantedName.slice(1)) : host === wantedName;
  });
}
