/** S14: brute force and floods on sign-in, sign-up, reset, keys and run starts. Limits hold within 10%; another team and another address feel nothing. */
import { randomToken } from '@hub/kit/crypto';
import type { RateSettings } from '../settings.ts';
import type { TestApi } from './harness.ts';
import { publishedWorkflow } from './resources.ts';

export interface FloodFigure {
  name: string;
  sent: number;
  /** Answered other than 429. */
  through: number;
  limit: number;
  /** Somebody else during the flood was served. */
  othersServed: boolean;
  /** Every 429 carried Retry-After. */
  saysWhen: boolean;
}

/** So long that no slow machine gives anything back during a flood. */
const windowMs = 3_600_000;

/** Limits of the flood tests: the shape of the real ones, but small. */
export const floodRates: RateSettings = {
  caller: { limit: 40, windowMs },
  address: { limit: 40, windowMs },
  'sign-in': { limit: 30, windowMs },
  signInAccount: { limit: 10, windowMs },
  'sign-up': { limit: 10, windowMs },
  reset: { limit: 20, windowMs },
  resetAccount: { limit: 5, windowMs },
  'run-start': { limit: 30, windowMs },
  hook: { limit: 30, windowMs },
  form: { limit: 30, windowMs },
  upload: { limit: 20, windowMs },
};

type Shot = () => ReturnType<TestApi['ask']>;

async function flood(name: string, limit: number, sent: number, shot: (n: number) => ReturnType<TestApi['ask']>, other: Shot): Promise<FloodFigure> {
  let through = 0;
  let saysWhen = true;
  let othersServed = true;
  // Eight at a time, as an attacker would, so that the count must hold under races.
  const lanes = Array.from({ length: 8 }, (_, lane) => lane);
  await Promise.all(
    lanes.map(async (lane) => {
      for (let n = lane; n < sent; n += lanes.length) {
        const answer = await shot(n);
        if (answer.statusCode === 429) saysWhen &&= Number(answer.headers['retry-after']) > 0;
        else through += 1;
      }
    }),
  );
  const served = await other();
  if (served.statusCode === 429 || served.statusCode >= 500) othersServed = false;
  return { name, sent, through, limit, othersServed, saysWhen };
}

/** True where the limit held within 10% and harmed nobody else. */
export function held(figure: FloodFigure): boolean {
  return figure.through <= figure.limit * 1.1 && figure.through >= figure.limit * 0.9 && figure.othersServed && figure.saysWhen;
}

/** Floods an API that was started with `floodRates`. */
export async function tryFloods(api: TestApi): Promise<FloodFigure[]> {
  const post = (url: string, body: unknown, address: string) => api.ask(url, { body, address });
  const signIn = (email: string, address: string) => post('/api/v1/auth/sign-in', { email, password: 'wrong password 1' }, address);
  const signUp = (n: number, address: string) =>
    post('/api/v1/auth/sign-up', { name: 'A', email: `flood-${n}@example.test`, password: 'a long password' }, address);
  const reset = (email: string, address: string) => post('/api/v1/auth/request-reset', { email }, address);
  const figures = [
    await flood(
      'sign-in, one address',
      floodRates['sign-in'].limit,
      90,
      (n) => signIn(`p${n}@example.test`, '198.51.100.1'),
      () => signIn('q@example.test', '198.51.100.2'),
    ),
    await flood(
      'sign-in, one account from many addresses',
      floodRates.signInAccount.limit,
      60,
      (n) => signIn('target@example.test', `203.0.113.${n}`),
      () => signIn('other@example.test', '203.0.113.200'),
    ),
    await flood(
      'sign-in, one IPv6 network',
      floodRates['sign-in'].limit,
      90,
      (n) => signIn(`v${n}@example.test`, `2001:db8:1:2::${(n + 1).toString(16)}`),
      () => signIn('w@example.test', '2001:db8:1:3::1'),
    ),
    await flood(
      'sign-up, one address',
      floodRates['sign-up'].limit,
      40,
      (n) => signUp(n, '198.51.100.3'),
      () => signUp(1_000, '198.51.100.4'),
    ),
    await flood(
      'reset, one address',
      floodRates.reset.limit,
      60,
      (n) => reset(`r${n}@example.test`, '198.51.100.5'),
      () => reset('s@example.test', '198.51.100.6'),
    ),
    await flood(
      'reset, one account',
      floodRates.resetAccount.limit,
      30,
      (n) => reset('victim@example.test', `192.0.2.${n}`),
      () => reset('t@example.test', '192.0.2.200'),
    ),
    await flood(
      'guessed API keys, one address',
      floodRates.address.limit,
      120,
      () => api.ask('/api/v1/me', { key: `hub_${randomToken()}`, address: '198.51.100.7' }),
      () => api.ask('/api/v1/me', { key: 'hub_x', address: '198.51.100.8' }),
    ),
  ];
  const [a, b] = [await api.makeTeam(), await api.makeTeam()];
  const [mine, theirs] = [await publishedWorkflow(api, a), await publishedWorkflow(api, b)];
  const start = (id: string, key: string) => api.ask(`/api/v1/workflows/${id}/runs`, { key, body: { input: { text: 'a' } } });
  figures.push(
    await flood(
      'run starts, one team with several keys',
      floodRates['run-start'].limit,
      90,
      (n) => start(mine, [a.keys.runner, a.keys.admin, a.keys.owner][n % 3] ?? ''),
      () => start(theirs, b.keys.runner),
    ),
  );
  figures.push(
    await flood(
      'any request, one key',
      floodRates.caller.limit,
      120,
      () => api.ask('/api/v1/workflows', { key: a.keys.viewer }),
      () => api.ask('/api/v1/workflows', { key: b.keys.viewer }),
    ),
  );
  return figures;
}
