/** The guarded client with vendors' hosts led to their stand-ins. The hosts of a credential are held as in production. */
import { createOutbound, hostIsIn, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import { UserError } from '@hub/kit/errors';

import type { StandIn } from './stand-in.ts';

export function standInOutbound(...worlds: StandIn[]): Outbound {
  const real = createOutbound({ allow: parseAllowList(worlds.map(({ url }) => new URL(url).host).join(',')) });
  const placeOf = (url: URL): URL => {
    const world = worlds.find(({ hosts }) => hosts.some((host) => hostIsIn([host], url)));
    if (world === undefined) throw new UserError('http.not-connected', `No stand-in answers for ${url.host}.`);
    return new URL(url.pathname + url.search, world.url);
  };
  const lead =
    (fetcher: typeof fetch, allowed: readonly string[] | null): typeof fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (allowed !== null && !hostIsIn(allowed, url)) throw new UserError('http.host-not-allowed', `The credential may not be sent to ${url.host}.`);
      const headers = new Headers(request.headers);
      headers.set('x-stand-in-host', url.host);
      const body = request.body === null ? null : await request.arrayBuffer();
      return fetcher(placeOf(url), { method: request.method, headers, body, signal: request.signal });
    };
  return {
    ...real,
    request: async (request) => {
      const url = new URL(request.url);
      if (request.credential !== undefined && !hostIsIn(request.credential.allowedHosts, url))
        throw new UserError('http.host-not-allowed', `The credential may not be sent to ${url.host}.`);
      const place = placeOf(url);
      const credential = request.credential === undefined ? {} : { credential: { ...request.credential, allowedHosts: [place.host] } };
      return real.request({ ...request, ...credential, url: place, headers: { ...request.headers, 'x-stand-in-host': url.host } });
    },
    fetch: lead(real.fetch, null),
    fetchWith: (limits) => lead(real.fetchWith(limits), null),
    fetchFor: (allowedHosts, limits) => lead(real.fetchWith(limits), allowedHosts),
  };
}
