/** What a connector is made of. Specs are pure (zod only): API, builder and publish check read them; runs live in the worker. */
import type { Json } from '@hub/dag/planner';
import type { Outbound } from '@hub/kit/http';
import type { z } from 'zod';

import type { CredentialKind } from '@hub/kit/credentials';

import type { FileStore, LiveCredential } from '../ports.ts';

export type { CredentialKind };

/** Declared as a method, so that a spec of certain params counts as a spec of any. */
type Predicate<Params> = { holds(params: Params): boolean }['holds'];

/** One thing a connector can do. `params` must be a strict object; every field described. */
export interface ActionSpec<Schema extends z.ZodObject = z.ZodObject> {
  /** Unique in its connector, verb-noun: `read-rows`. On the wire with its connector: `file.read-rows`. */
  id: string;
  /** Counts up with every change of `params` or `output` that an old definition would notice; the older spec and run stay in `earlier` (activities/README.md). */
  version: number;
  /** Which node kinds may use it: read for data_source, write for action, either for both. */
  kind: 'read' | 'write' | 'either';
  title: string;
  help: string;
  example: { params: Json; output: Json };
  params: Schema;
  /** Top-level params that are never filled as templates (SQL). */
  literalParams: readonly string[];
  /** May the call be repeated without harm? May depend on the resolved params. */
  idempotent: boolean | Predicate<z.output<Schema>>;
  /** What the output is, in words, and its JSON Schema for the builder's field picker. */
  output: { help: string; schema: { [key: string]: Json } };
  /** Kinds of credential it takes; empty: none. */
  credentialKinds: readonly CredentialKind[];
  /** Scopes of the vendor that this action needs, for the connection test. */
  scopes?: readonly string[];
  /**
   * What undoes a completed call: another action of the same connector, with the same credential. `from` makes its params of ours and of our output; pure.
   * `'nothing'`: this call did nothing that needs undoing. null: what came back does not say enough to undo it.
   * Declare one only where undoing can harm nothing that others did meanwhile.
   */
  compensation?: { action: string; help: string; from: (params: Json, output: Json) => Json };
}

/** A connector: a name and its actions. */
export interface ConnectorManifest {
  id: string;
  title: string;
  help: string;
  /** Of the connector as a whole, semver. */
  version: string;
  /** The vendor's page about its API or about getting access. */
  docsUrl?: string;
  /** Scopes that pickers and forms need beside those of the actions. */
  scopes?: readonly string[];
  actions: { readonly [id: string]: ActionSpec };
  /** Actions as they were in versions that published definitions still name: `{ 'read-rows': { 1: spec } }`. */
  earlier?: { readonly [id: string]: { readonly [version: number]: ActionSpec } };
  /** What pickers may ask the vendor for (`ui.options` of a param), in words. */
  resources?: { readonly [name: string]: string };
  /** The vendor can tell of changes, so that a poll runs at once (`services.push` opens and closes the channel). */
  push?: {
    /** Whose polls it wakes. */
    actions: readonly string[];
    help: string;
    /** What a notification says; null: it is none of this vendor. Pure, and believes nothing yet. Header names are lower case. */
    read: (headers: Readonly<Record<string, string | string[] | undefined>>) => PushNotification | null;
  };
}

/** A notification as the vendor sent it. Id and token are checked by whoever reads it. */
export interface PushNotification {
  channel: string;
  token: string;
  /** Counts up in a channel, so that a repeat is known. */
  number: bigint;
  resource: string;
  /** False for the first one, which says only that the channel is open. */
  changed: boolean;
}

/** A channel that is to be opened. */
export interface NewChannel {
  id: string;
  /** What the vendor is to send back with each notification. */
  token: string;
  /** https, public. */
  address: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** A choice of a picker. */
export interface Choice {
  value: string;
  label: string;
  help?: string;
}

/** What a picker, a form or a connection test is given. */
export interface ServiceContext {
  /** What the form holds so far; fields with {{ }} in them are left out. */
  params: Record<string, Json>;
  credential: LiveCredential | null;
  http: Outbound;
  /** Aborted when the person goes away, and after 20 s. */
  signal: AbortSignal;
  search?: string;
  cursor?: string;
  renew?: () => Promise<LiveCredential>;
}

/** What a connection test found. Faults are thrown. */
export interface Connection {
  message: string;
  account: string | null;
  /** null where the vendor names none. */
  scopes: readonly string[] | null;
}

/** What a connector tells forms. All of it reads only. */
export interface ConnectorServices {
  test(context: ServiceContext): Promise<Connection>;
  resources?: { readonly [name: string]: (context: ServiceContext) => Promise<{ items: Choice[]; nextCursor: string | null }> };
  /** JSON Schema of one row by the param that holds rows. */
  fields?: (context: ServiceContext) => Promise<{ [key: string]: Json }>;
  push?: {
    /** Answers the vendor's name of what is watched, and when the channel ends (ISO 8601). */
    open: (context: ServiceContext, channel: NewChannel) => Promise<{ resource: string; expiresAt: string }>;
    /** Ends a channel. One that the vendor does not know any more counts as ended. */
    close: (context: ServiceContext, channel: { id: string; resource: string }) => Promise<{ closed: boolean }>;
  };
}

/** What a run of an action is given. Everything from outside comes through here. */
export interface ActionContext<Params = Record<string, unknown>> {
  /** Resolved, checked, defaults filled in. */
  params: Params;
  credential: LiveCredential | null;
  http: Outbound;
  files: FileStore;
  /** Aborted on cancel, time-out and shutdown. */
  signal: AbortSignal;
  /** The same for every attempt of one effect (04, rule 13). */
  idempotencyKey: string;
  team: string;
  run: string;
  /** Once after the vendor refused the credential: a renewed one. Throws UserError where there is none. Absent: it cannot be renewed. */
  renew?: () => Promise<LiveCredential>;
  log: (message: string, facts?: Record<string, unknown>) => void;
  warn: (code: string, message: string) => void;
}

export interface ActionResult {
  output: Json;
}

export type ActionRun<Spec extends ActionSpec = ActionSpec> = (context: ActionContext<z.output<Spec['params']>>) => Promise<ActionResult>;

/** The runs of a manifest: one per action, or it does not compile. */
export type RunsOf<Manifest extends ConnectorManifest> = { [Id in keyof Manifest['actions']]: ActionRun<Manifest['actions'][Id]> };

/** How a connector is loaded: its SDK comes with the first use, so that neither start nor memory of a worker grows with the catalogue. */
export interface ConnectorCode {
  actions: { readonly [id: string]: ActionRun };
  earlier?: { readonly [id: string]: { readonly [version: number]: ActionRun } };
  services?: ConnectorServices;
}
