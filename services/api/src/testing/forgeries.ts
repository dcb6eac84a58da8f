/** S6: sixteen kinds of forgery against four providers' webhooks, and what is genuine beside them. Refused means: no run came of it. */
import { randomBytes } from 'node:crypto';
import { asTeam } from '@hub/db';
import type { Ask, TestApi, TestTeam } from './harness.ts';
import { must } from './resources.ts';
import { type Provider, providers } from './signers.ts';

export interface ForgeryFigures {
  kinds: number;
  tried: number;
  refused: number;
  genuine: number;
  accepted: number;
  wrong: string[];
}

interface Hook {
  path: string;
  secret: string;
  credentialId: string;
}
interface Try {
  body: string;
  headers: Record<string, string>;
}
interface Place {
  provider: Provider;
  secret: string;
  /** Secret of another endpoint of the same team. */
  otherSecret: string;
  /** A fresh event of this provider. */
  fresh: () => string;
  sign: (body: string, more?: { at?: number; secret?: string; id?: string }) => Record<string, string>;
  /** Seconds since 1970, at the moment of asking. */
  readonly now: number;
}

const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;
const limitBytes = 5_000_000;

function flipped(text: string, at: number): string {
  const bytes = Buffer.from(text);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('latin1');
}

/** Changes the signature itself, wherever in its header it stands. */
function inSignature({ provider }: Place, headers: Record<string, string>, change: (signature: string) => string): Record<string, string> {
  const name = provider.signatureHeader;
  const given = headers[name] ?? '';
  const pattern = provider.name === 'stripe' ? /(v1=)([0-9a-f]+)/ : provider.name === 'standardwebhooks' ? /(v1,)(\S+)/ : /(sha256=|v0=)([0-9a-f]+)/;
  return { ...headers, [name]: given.replace(pattern, (_, lead: string, signature: string) => lead + change(signature)) };
}

/** A signed request with its time set to now, as if it were fresh. GitHub signs no time: there, its old SHA-1 stands in for the new signature. */
function redated(place: Place, body: string): Record<string, string> {
  const { provider, now } = place;
  const old = place.sign(body, { at: now - 3_600 });
  if (provider.timeHeader !== null) return { ...old, [provider.timeHeader]: String(now) };
  const name = provider.signatureHeader;
  if (provider.name === 'stripe') return { ...old, [name]: (old[name] ?? '').replace(/t=\d+/, `t=${now}`) };
  return { ...old, [name]: (old['x-hub-signature'] ?? '').replace('sha1=', 'sha256=') };
}

type Forgery = (place: Place) => Try | Try[];

/** Each gives a request that must start no run; of a list only the last is judged, the others are what it feeds on. */
const forgeries: Record<string, Forgery> = {
  'no signature at all': ({ fresh }) => ({ body: fresh(), headers: {} }),
  'an empty signature': ({ fresh, sign, provider }) => {
    const body = fresh();
    return { body, headers: { ...sign(body), [provider.signatureHeader]: '' } };
  },
  'a signature by another secret': ({ fresh, sign }) => {
    const body = fresh();
    return { body, headers: sign(body, { secret: newSecret() }) };
  },
  'the secret of another endpoint': ({ fresh, sign, otherSecret }) => {
    const body = fresh();
    return { body, headers: sign(body, { secret: otherSecret }) };
  },
  'one bit of the body changed': ({ fresh, sign }) => {
    const body = fresh();
    return { body: flipped(body, body.lastIndexOf('1')), headers: sign(body) };
  },
  'one character of the signature changed': (place) => {
    const body = place.fresh();
    return { body, headers: inSignature(place, place.sign(body), (text) => (text.startsWith('0') ? '1' : '0') + text.slice(1)) };
  },
  'a signature cut short': (place) => {
    const body = place.fresh();
    return { body, headers: inSignature(place, place.sign(body), (text) => text.slice(0, -2)) };
  },
  'the letters of the signature in the other case': (place) => {
    const body = place.fresh();
    const swap = (text: string) =>
      text.replace(/[a-zA-Z]/g, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
    return { body, headers: inSignature(place, place.sign(body), swap) };
  },
  'signed 301 s ago': ({ fresh, sign, provider, now }) => {
    const body = fresh();
    // GitHub signs no time: what was taken once is old.
    return provider.timed
      ? { body, headers: sign(body, { at: now - 301 }) }
      : [
          { body, headers: sign(body) },
          { body, headers: sign(body) },
        ];
  },
  'signed 301 s ahead': ({ fresh, sign, provider, now }) => {
    const body = fresh();
    return provider.timed
      ? { body, headers: sign(body, { at: now + 301 }) }
      : [
          { body, headers: sign(body) },
          { body, headers: { ...sign(body), date: new Date((now + 301) * 1000).toUTCString() } },
        ];
  },
  'an old signature under a new time': (place) => {
    const body = place.fresh();
    return { body, headers: redated(place, body) };
  },
  'a captured request sent again': ({ fresh, sign }) => {
    const body = fresh();
    const headers = sign(body, { id: `id-${body.length}-${Math.random()}` });
    return [
      { body, headers },
      { body, headers },
    ];
  },
  'the same values in another order': ({ fresh, sign }) => {
    const body = fresh();
    const turned = Object.fromEntries(Object.entries(JSON.parse(body) as object).reverse());
    return { body: JSON.stringify(turned), headers: sign(body) };
  },
  'two signatures, both wrong': (place) => {
    const { provider, fresh, sign } = place;
    const body = fresh();
    const [one, two] = [sign(body, { secret: newSecret() }), sign(body, { secret: newSecret() })];
    const name = provider.signatureHeader;
    return { body, headers: { ...one, [name]: `${one[name]}${provider.name === 'standardwebhooks' ? ' ' : ','}${two[name]}` } };
  },
  'a body over the limit, signed right': ({ sign }) => {
    const body = JSON.stringify({ id: 'evt_huge', text: 'x'.repeat(limitBytes) });
    return { body, headers: sign(body) };
  },
  'signed right, but the secret of the endpoint was taken away': ({ fresh, sign }) => {
    const body = fresh();
    return { body, headers: sign(body) };
  },
};

/** What the providers really send, in ten ways each. */
const genuine: Record<string, (place: Place, previous: string) => Try> = {
  'an event': ({ fresh, sign }) => at(fresh(), sign),
  'another event': ({ fresh, sign }) => at(fresh(), sign),
  'signed 299 s ago': ({ fresh, sign, now }) => at(fresh(), (body) => sign(body, { at: now - 299 })),
  'signed 299 s ahead': ({ fresh, sign, now }) => at(fresh(), (body) => sign(body, { at: now + 299 })),
  'by the secret of before a rotation': ({ fresh, sign }, previous) => at(fresh(), (body) => sign(body, { secret: previous })),
  'by both secrets while one is rotated': (place, previous) => {
    const { provider, fresh, sign } = place;
    const body = fresh();
    const [one, two] = [sign(body), sign(body, { secret: previous })];
    const name = provider.signatureHeader;
    if (provider.name === 'standardwebhooks') return { body, headers: { ...one, [name]: `${one[name]} ${two[name]}` } };
    if (provider.name === 'stripe') return { body, headers: { ...one, [name]: `${one[name]},${(two[name] ?? '').split(',')[1]}` } };
    return { body, headers: one };
  },
  'a body of one megabyte': ({ fresh, sign }) => at(JSON.stringify({ ...(JSON.parse(fresh()) as object), text: 'é'.repeat(500_000) }), sign),
  'a body with blanks and line ends': ({ fresh, sign }) => at(`${JSON.stringify(JSON.parse(fresh()), null, 2)}\r\n`, sign),
  'a body with every kind of character': ({ fresh, sign }) =>
    at(JSON.stringify({ ...(JSON.parse(fresh()) as object), text: '\u0001 “ 𝄞 \\ \ud83d\ude00' }), sign),
  'an event with its headers in capitals': ({ fresh, sign }) => {
    const { body, headers } = at(fresh(), sign);
    return { body, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])) };
  },
};

const at = (body: string, sign: (body: string) => Record<string, string>): Try => ({ body, headers: sign(body) });

async function makeHook(api: TestApi, team: TestTeam, scheme: Provider['name'], values: Record<string, string>): Promise<Hook> {
  const name = `${scheme} ${randomBytes(4).toString('hex')}`;
  const credential = await must(api, '/api/v1/credentials', { key: team.keys.admin, body: { name, kind: 'webhook-secret', values } });
  const credentialId = String(credential['id']);
  const definition = {
    schemaVersion: 1,
    triggers: [{ id: 'hook', type: 'webhook', config: { verify: { scheme, credentialId } } }],
    nodes: [{ id: 'copy', type: 'transform', config: { expression: 'input' } }],
  };
  const made = await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name, definition } });
  const published = await must(api, `/api/v1/workflows/${String(made['id'])}/publish`, { key: team.keys.editor, body: {} });
  const [url] = published['urls'] as { url: string }[];
  return { path: new URL(url?.url ?? '').pathname, secret: values['secret'] ?? '', credentialId };
}

async function runsOf(api: TestApi, team: string): Promise<number> {
  const [row] = await asTeam(
    api.db.sql,
    team,
    (tx) => tx<{ n: number }[]>`select count(*)::int as n from workflow_executions where team_id = ${team}`,
  );
  return row?.n ?? 0;
}

/** Tries all of it; every workflow it makes has a check, so a run is a forgery that went through or an event that was taken. */
export async function tryForgeries(api: TestApi, log: (line: string) => void = () => undefined): Promise<ForgeryFigures> {
  const figures: ForgeryFigures = { kinds: Object.keys(forgeries).length, tried: 0, refused: 0, genuine: 0, accepted: 0, wrong: [] };
  const team = await api.makeTeam();
  let n = 0;
  for (const provider of providers) {
    const [secret, previous, otherSecret] = [newSecret(), newSecret(), newSecret()];
    const hook = await makeHook(api, team, provider.name, { secret, previous });
    await makeHook(api, team, provider.name, { secret: otherSecret });
    const clock = () => Math.floor(Date.now() / 1000);
    const place: Place = {
      provider,
      secret,
      otherSecret,
      get now() {
        return clock();
      },
      fresh: () => JSON.stringify(provider.event((n += 1))),
      sign: (body, more = {}) => provider.sign(body, { secret, at: clock(), id: `id-${n}`, ...more }),
    };
    const send = (one: Try) => {
      const ask: Ask = { method: 'POST', raw: one.body, headers: { 'content-type': 'application/json', ...one.headers } };
      return api.ask(hook.path, ask);
    };
    const runs = () => runsOf(api, team.id);
    for (const [name, make] of Object.entries(genuine)) {
      const before = await runs();
      const answer = await send(make(place, previous));
      figures.genuine += 1;
      if (answer.statusCode === 202 && (await runs()) === before + 1) figures.accepted += 1;
      else figures.wrong.push(`${provider.name}, ${name}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
    }
    for (const [name, make] of Object.entries(forgeries)) {
      if (name.includes('taken away')) await api.ask(`/api/v1/credentials/${hook.credentialId}`, { key: team.keys.admin, method: 'DELETE' });
      const tries = [make(place)].flat();
      for (const one of tries.slice(0, -1)) await send(one);
      const before = await runs();
      const answer = await send(tries.at(-1) as Try);
      figures.tried += 1;
      // What came before is answered with the run of then: that is no second run.
      const repeat = answer.statusCode === 200 && tries.length > 1;
      if ((await runs()) === before && (repeat || (answer.statusCode >= 400 && answer.statusCode < 500))) figures.refused += 1;
      else figures.wrong.push(`${provider.name}, ${name}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
    }
    log(`${provider.name}: ${figures.refused} of ${figures.tried} refused, ${figures.accepted} of ${figures.genuine} accepted so far`);
  }
  return figures;
}
