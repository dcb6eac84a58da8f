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
}

/** A connector: a name and its actions. */
export interface ConnectorManifest {
  id: string;
  title: string;
  help: string;
  actions: { readonly [id: string]: ActionSpec };
}

/** What a run of an action is given. Everything from outside comes through here. */
export interface ActionContext<Params = Record<string, unknown>> {
  /** Resolved, checked, defaults filled in. */
  params: Params;
  credential: LiveCredential | null;
  /** Once, after the service answered 401: the credential with a fresh token. @throws UserError where its secret does not renew itself. */
  renew?: () => Promise<LiveCredential>;
  http: Outbound;
  files: FileStore;
  /** Aborted on cancel, time-out and shutdown. */
  signal: AbortSignal;
  /** The same for every attempt of one effect (04, rule 13). */
  idempotencyKey: string;
  team: string;
  run: string;
  log: (message: string, facts?: Record<string, unknown>) => void;
  warn: (code: string, message: string) => void;
}

export interface ActionResult {
  output: Json;
}

export type ActionRun<Spec extends ActionSpec = ActionSpec> = (context: ActionContext<z.output<Spec['params']>>) => Promise<ActionResult>;

/** The runs of a manifest: one per action, or it does not compile. */
export type RunsOf<Manifest extends ConnectorManifest> = { [Id in keyof Manifest['actions']]: ActionRun<Manifest['actions'][Id]> };
