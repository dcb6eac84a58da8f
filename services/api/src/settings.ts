/** Plain values and ports the server is built from. Nothing below main.ts reads the environment. */
import type { KeyRing } from '@hub/kit/crypto';
import type { Outbound } from '@hub/kit/http';
import type { StartRuns, TemporalCodec } from '@hub/kit/temporal';
import type { Logger, Metrics } from '@hub/kit';
import type { Sql } from '@hub/db';
import type { Mailer } from './auth/mailer.ts';

/** `limit` per `windowMs`. */
export interface Rate {
  limit: number;
  windowMs: number;
}

export interface ApiSettings {
  /** Public origin, e.g. http://localhost:3000. */
  url: string;
  temporalUiUrl: string | null;
  namespace: string;
  sessionKey: Buffer;
  blobKey: Buffer;
  credentialKeys: KeyRing;
  /** Signs what the pages of forms follow their runs with. */
  webhookKey: Buffer;
  launcherToken: string | null;
  demoEmail: string | null;
  operatorEmail: string | null;
  /** Of teams that people make, by signing up or later. */
  defaultPlan: 'free' | 'teams' | 'enterprise';
  /** Providers of models whose key the worker has. */
  modelKeys: readonly string[];
  /** Absolute path of the built pages; null: the server has none. */
  webDist: string | null;
  bodyLimitBytes: number;
  uploadLimitBytes: number;
  rates: RateSettings;
}

/** 05, rule 35. Keys: who is counted. */
export interface RateSettings {
  /** Per API key or session. */
  caller: Rate;
  /** Per address: requests without a caller, and refused ones. */
  address: Rate;
  'sign-in': Rate;
  /** Per account, so that many addresses cannot guess one password. */
  signInAccount: Rate;
  'sign-up': Rate;
  reset: Rate;
  resetAccount: Rate;
  /** Per team. */
  'run-start': Rate;
  /** Per webhook or form. */
  hook: Rate;
  /** Per address: filling in public forms. */
  form: Rate;
  upload: Rate;
}

const minute = 60_000;
const hour = 60 * minute;

/** Limits of a normal installation; `perMinute` is the general one per key or session. */
export function defaultRates(perMinute: number): RateSettings {
  return {
    caller: { limit: perMinute, windowMs: minute },
    address: { limit: perMinute, windowMs: minute },
    'sign-in': { limit: 30, windowMs: minute },
    signInAccount: { limit: 10, windowMs: 15 * minute },
    'sign-up': { limit: 30, windowMs: hour },
    reset: { limit: 20, windowMs: hour },
    resetAccount: { limit: 5, windowMs: hour },
    'run-start': { limit: perMinute, windowMs: minute },
    hook: { limit: perMinute, windowMs: minute },
    form: { limit: 30, windowMs: minute },
    upload: { limit: 120, windowMs: minute },
  };
}

/** What the API asks of Temporal besides starting runs. */
export interface TemporalPort {
  /** Asks the workflow of a run to cancel. Not there: nothing happens (the sweep and the row decide). */
  cancel(run: string): Promise<void>;
  /** Tells a run what was said to it; false where it has no open workflow. */
  tell(run: string, messages: readonly { n: number; kind: string }[]): Promise<boolean>;
  /** Does the server answer, and does a worker poll the task queue `hub`? Never throws. */
  check(): Promise<{ temporal: boolean; worker: boolean }>;
}

export interface ApiDeps {
  settings: ApiSettings;
  /** Role hub_app. */
  sql: Sql;
  /** Role hub_auth. */
  authSql: Sql;
  log: Logger;
  metrics: Metrics;
  starter: StartRuns;
  temporal: TemporalPort;
  /** Opens and seals what Temporal stores, for its Web UI. */
  codec: TemporalCodec['codec'];
  /** Brings changed triggers to Temporal soon; absent (tests): only the rows change. */
  triggers?: { nudge: () => void };
  mailer: Mailer;
  /** The guarded client, for connecting and testing credentials. */
  http: Outbound;
  /** The clock that signatures are held against; absent: the system's. */
  now?: () => number;
}
