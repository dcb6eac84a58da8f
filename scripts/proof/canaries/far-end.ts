/** Everybody the hub speaks to, in one server that echoes what it was sent, in every spelling, in answers and in errors; an OAuth provider; and a mail server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { type Aviary, spelled } from './secrets.ts';

export interface FarEnd {
  port: number;
  hostPort: string;
  url: string;
  /** Names of the canaries that came here. */
  arrived: Set<string>;
  /** Bodies of what was sent to be read by somebody: notifications. */
  told: string[];
  /** From now on every refresh is refused. */
  refuse: () => void;
  close: () => Promise<void>;
}

export const vendorHosts = [
  'slack.com',
  'files.slack.com',
  'hooks.slack.com',
  'sheets.googleapis.com',
  'www.googleapis.com',
  'oauth2.googleapis.com',
  'api.airtable.com',
  'airtable.com',
  'api.notion.com',
  'api.hubapi.com',
  'login.salesforce.com',
  'acme.my.salesforce.com',
  'api.openai.com',
  'api.anthropic.com',
];
/** What a vendor answers one credential, call after call. */
const turns = [200, 422, 500, 403, 401];
const shortLived = 2;

export async function startFarEnd(aviary: Aviary): Promise<FarEnd> {
  const arrived = new Set<string>();
  const told: string[] = [];
  let refuses = false;
  const calls = new Map<string, number>();
  const counted = (what: string): number => {
    const count = (calls.get(what) ?? 0) + 1;
    calls.set(what, count);
    return count;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'far.invalid'}`);
    const sent = opened(`${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
    const here = aviary.all().filter(({ core }) => sent.includes(core));
    for (const { name } of here) arrived.add(name);
    const echo = here.map(({ value }) => spelled(value));
    const words = `you sent ${echo.map((one) => Object.values(one).join(' ')).join(' and ')}`;
    const send = (status: number, json: object): void =>
      void response
        .writeHead(status, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(words).slice(0, 8_000) })
        .end(JSON.stringify(json));
    if (url.pathname.startsWith('/told')) {
      told.push(body);
      return send(Number(url.searchParams.get('status') ?? 200), { said: words });
    }
    if (url.pathname.includes('revoke')) return send(200, { ok: true });
    if (/\/(token|oauth\.v2\.access)$/.test(url.pathname)) return send(...grant(url.host, new URLSearchParams(body), words));
    const asked = /^\/echo\/(\d+)/.exec(url.pathname)?.[1];
    const turn = counted(`${url.pathname.slice(0, 20)} ${here[0]?.name ?? ''}`);
    const status = asked === undefined ? (turns[(turn - 1) % turns.length] ?? 200) : Number(asked);
    const fault = {
      error: words,
      message: words,
      error_description: words,
      errors: [{ message: words, reason: words }],
      code: 'x',
      object: 'error',
      needed: words,
    };
    return send(status, status === 200 ? { ok: true, echo, words, url: request.url, headers: request.headers, body } : { ok: false, ...fault });
  };

  /** The first tokens of a host end at once, so that the next use refreshes; a refusal echoes. */
  const grant = (host: string, form: URLSearchParams, words: string): [number, object] => {
    const count = counted(`grant ${host}`);
    if (form.get('grant_type') === 'refresh_token' && refuses) return [400, { error: 'invalid_grant', error_description: words }];
    const named = `${host} ${form.get('grant_type') ?? ''} ${count}`;
    const access = aviary.make(`access token: ${named}`, 'plain');
    const refresh = aviary.make(`refresh token: ${named}`, 'plain');
    const tokens = {
      access_token: access,
      refresh_token: refresh,
      token_type: 'bearer',
      expires_in: count <= shortLived ? 30 : 3_600,
      instance_url: 'https://acme.my.salesforce.com',
    };
    return [200, { ok: true, ...tokens, scope: 'read', team: { name: 'Acme' }, said: words }];
  };

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  const port = await listen(server);
  return {
    port,
    hostPort: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    arrived,
    told,
    refuse: () => void (refuses = true),
    close: () => closed(server),
  };
}

/** Text with what is percent-encoded or in base64 behind `Basic` written out as well. */
function opened(text: string): string {
  const basic = [...text.matchAll(/Basic ([A-Za-z0-9+/=]+)/g)].map(([, inner = '']) => Buffer.from(inner, 'base64').toString('utf8'));
  const whole = [text, ...basic].join('\n').replaceAll('+', ' ');
  return `${text}\n${basic.join('\n')}\n${whole.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))}`;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  });

export interface MailSink {
  port: number;
  /** As they came. */
  mails: string[];
  /** What clients signed in with. */
  signIns: string[];
  close: () => Promise<void>;
}

/** A mail server that takes everything but a sign-in as `refused`, to which it echoes the password. */
export async function startMailSink(): Promise<MailSink> {
  const mails: string[] = [];
  const signIns: string[] = [];
  const server = createTcpServer((socket) => {
    let data: string | null = null;
    let kept = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    socket.on('error', () => undefined);
    say('220 sink');
    const take = (line: string): void => {
      if (data !== null) {
        if (line !== '.') return void (data += `${line}\n`);
        mails.push(data);
        data = null;
        return say('250 taken');
      }
      const [word = ''] = line.toUpperCase().split(' ');
      if (word === 'EHLO' || word === 'HELO') return say('250-sink\r\n250 AUTH PLAIN');
      if (word === 'AUTH') {
        const given = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString('utf8')
          .split('\0');
        signIns.push(given[2] ?? '');
        return say(given[1] === 'refused' ? `535 5.7.8 not ${Object.values(spelled(given[2] ?? '')).join(' ')}` : '235 in');
      }
      if (word === 'DATA') {
        data = '';
        return say('354 go');
      }
      if (word === 'QUIT') return void socket.end('221 bye\r\n');
      return say('250 ok');
    };
    socket.on('data', (chunk: Buffer) => {
      kept += chunk.toString('utf8');
      const lines = kept.split('\r\n');
      kept = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  });
  return { port: await listen(server), mails, signIns, close: () => closed(server) };
}
