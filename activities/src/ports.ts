/**
 * What activities need from the outside, injected by the worker (activities never import db). Every method is one bounded round trip,
 * tenant-scoped by `team`. Values are their JSON text: stored and hashed as such (03, "Values and files").
 */
import type { Readable } from 'node:stream';
import type { CredentialKind } from '@hub/kit/credentials';
import type { Json, NodeStatus, NodeType, PendingRow, RunFailure, StepError } from '@hub/dag/planner';

/** Frozen facts of a run; immutable, so callers may cache them. */
export interface RunFacts {
  team: string;
  run: string;
  rootRun: string;
  workflowId: string;
  workflowName: string;
  version: number;
  versionId: string;
  inputText: string;
  trigger: Json;
  /** Team variables as at the run's start. */
  vars: Record<string, Json>;
  startedAt: string;
  pinned: Record<string, Json>;
  /** Nodes that had completed and were asked to run again; `n` counts such wishes of the whole chain of retries; `within`: in one iteration only. */
  generations: { nodeId: string; within: string | null; n: number }[];
  /** Of a run that continues others: steps of these nodes take their output at their path where it was made from the same; the nearest run first. */
  sameAs: { run: string; nodes: string[] }[];
  /** Steps of it had been written when this was read: whoever reads it now may not be the first. */
  underWay: boolean;
  /** It continues another run: rows of steps and items that it keeps stand from its start. */
  continues: boolean;
}

export interface Warning {
  code: string;
  message: string;
}

/** Begins an attempt: closes an open attempt of the same path as `lost`, moves the run from starting to running with its first write. */
export interface BeginAttempt {
  team: string;
  run: string;
  nodeId: string;
  nodeType: NodeType;
  path: string;
  iteration: number | null;
  rows: PendingRow[];
  /** For how long it has been going on already: a time on the database's clock needs no clock of ours (default 0). */
  elapsedMs?: number;
}
export interface BegunAttempt {
  attempt: number;
  /** Earlier attempts of this path that failed by themselves. */
  failed: number;
  /** Earlier attempts lost with their worker. */
  lost: number;
  /** True when the run's row is already terminal: the caller fails with `run.gone`. */
  gone: boolean;
  /** Set when the path is completed already (a worker died between its commit and its report): nothing was begun, the caller reports this port. */
  done?: { port: string | null };
}

export interface ModelCall {
  provider: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  /** null where the price is unknown, never 0 for "unknown". */
  costUsd: number | null;
  durationMs: number;
  status: 'ok' | 'error';
  errorCode: string | null;
  providerRequestId: string | null;
  /** True for the offline demo provider. */
  demo: boolean;
}

/** The end of an attempt: row, event, model calls, run totals in one transaction. `completed` is never set back. */
export interface EndAttempt {
  team: string;
  run: string;
  nodeId: string;
  nodeType: NodeType;
  path: string;
  iteration: number | null;
  attempt: number;
  status: Extract<NodeStatus, 'completed' | 'failed' | 'cancelled'>;
  port: string | null;
  inputText: string | null;
  outputText: string | null;
  error: (StepError & { details?: Json }) | null;
  warnings: Warning[];
  tokens: number | null;
  costUsd: number | null;
  model: string | null;
  modelCalls: ModelCall[];
  /** The output was taken from the step cache or from the run that this one continues: nothing was called and nothing paid. */
  cached?: CachedFrom;
  /** What the output was made from, as a hash. */
  stepKey?: string;
}

/** An attempt begun and ended in one. Pending rows go along as with `begin`. */
export interface WholeAttempt extends EndAttempt {
  elapsedMs: number;
  rows: PendingRow[];
}

/** Which items of a loop are over, by index. */
export interface ItemsOver {
  /** Their step is completed. */
  rows: Set<number>;
  /** Their result is kept: that of `result`, or of an item that failed. */
  results: Set<number>;
}

/** The step whose output stands for this one's, and what that had cost. */
export interface CachedFrom {
  runId: string;
  /** When it was put there (ISO). */
  at: string;
  tokens: number | null;
  costUsd: number | null;
  /** `run`: of the run that this one continues; absent: of the step cache. */
  by?: 'run';
}

/** A pure node's final row (begin and end in one), written in batches. */
export interface PureRow extends Omit<EndAttempt, 'team' | 'run' | 'status'> {
  status: Extract<NodeStatus, 'completed' | 'failed' | 'skipped'>;
  startedAt: string;
  completedAt: string;
}

/** What a chunk writes at once. All of it may be written again. */
export interface ChunkRows {
  loopPath: string;
  /** Rows that waited for a write. */
  pending: PendingRow[];
  rows: PureRow[];
  /** Verdicts on nodes that `onError` recovered. */
  recovered: PendingRow[];
  /** Values of `result` and of collected errors; null: the item is dropped. */
  results: { index: number; valueText: string | null }[];
}

/** A step's stored value. */
export interface StoredValue {
  path: string;
  /** Null where it is larger than was asked for. */
  outputText: string | null;
  tooLarge?: true;
}

/** What an iteration gave. */
export interface IterationValue {
  index: number;
  /** `onItemError: skip` took it out. */
  dropped: boolean;
  /** Its JSON text; null where there is none. */
  read: () => Promise<string | null>;
}

export interface RunStore {
  /** Throws UserError `run.gone` where there is no such run. */
  facts(team: string, run: string): Promise<RunFacts>;
  /** The published (or snapshot) definition of a version (03); immutable, so callers may cache it. */
  definition(team: string, versionId: string): Promise<Json>;
  /** Outputs of the completed rows at these paths (latest attempt), by path; none of more than `mostBytes`. */
  outputs(team: string, run: string, paths: string[], mostBytes?: number): Promise<Map<string, StoredValue>>;
  /** The output at a path of the first of these earlier runs that completed it, where its step key is this one; null otherwise. */
  sameStep(team: string, runs: string[], path: string, key: string): Promise<{ port: string; outputText: string; from: CachedFrom } | null>;
  /** The index of the first item of each page of the loop that was opened at `path`. */
  loopPages(team: string, run: string, path: string): Promise<number[]>;
  /** The items of one page, as the JSON text of an array. */
  loopPage(team: string, run: string, path: string, page: number): Promise<string>;
  begin(attempt: BeginAttempt): Promise<BegunAttempt>;
  end(attempt: EndAttempt): Promise<void>;
  /** For short steps that may be done twice. */
  writeWhole(attempt: WholeAttempt): Promise<BegunAttempt>;
  /** Many of one run, in order, in one statement but for paths that have a history. */
  writeWholes(attempts: WholeAttempt[]): Promise<BegunAttempt[]>;
  /** Items `from` to before `to` of a loop whose body is `step`; null: of a `forEach` node. */
  itemsOver(team: string, run: string, items: { loopPath: string; step: string | null; from: number; to: number }): Promise<ItemsOver>;
  /** True from a pause until its resume, as people said it: the run itself may not have heard of it yet. */
  isPaused(team: string, run: string): Promise<boolean>;
  /** How long ago, in ms, people asked to cancel the run, by the store's clock; null where nobody did. */
  cancelAge(team: string, run: string): Promise<number | null>;
  /** Final rows of a fused group plus pending rows, in one statement; also moves the run to running. False: the run is gone. */
  writePure(team: string, run: string, rows: PureRow[], pending: PendingRow[]): Promise<boolean>;
  /** Opens a loop's row (status running) and keeps its items; `pages`: where pages of them begin (`ArrayPages`), to be read one by one. */
  openLoop(row: BeginAttempt & { itemsText: string; count: number; pages: { items: number[]; bytes: number[] } }): Promise<BegunAttempt>;
  saveIteration(team: string, run: string, path: string, valueText: string): Promise<void>;
  /** Adds warnings to the open row of the loop at `path`, each once. */
  warnLoop(team: string, run: string, path: string, warnings: Warning[]): Promise<void>;
  /** Items of a chunk that are over: their rows, verdicts and kept results, in one statement. False: the run is gone. */
  writeChunk(team: string, run: string, chunk: ChunkRows): Promise<boolean>;
  /**
   * What iterations `from` to before `to` gave, in order: what is kept of one (`kept`), else the output of `<loopPath>[i].<sink>` (`rows`; of
   * `<loopPath>[i]` where `sink` is null). One that gave nothing is not among them.
   */
  loopResults(
    team: string,
    run: string,
    of: { loopPath: string; sink: string | null; rows: boolean; kept: boolean; from: number; to: number },
  ): Promise<IterationValue[]>;
  /** Ends an attempt whose output is an array that comes element by element; answers its text where that is short enough for the row. */
  endWithItems(attempt: Omit<EndAttempt, 'outputText'>, items: AsyncIterable<string>): Promise<string | null>;
  writeRows(team: string, run: string, rows: PendingRow[]): Promise<void>;
  /** Guarded: only the call that changes the row hands the slot on. Answers the runs that now have a slot and must be started. */
  finish(end: FinishedRun): Promise<{ changed: boolean; start: { team: string; run: string }[] }>;
}

export interface FinishedRun {
  team: string;
  run: string;
  status: 'completed' | 'failed' | 'cancelled' | 'timed_out';
  error: RunFailure | null;
  /** JSON text of the run's output object. */
  outputText: string;
  rows: PendingRow[];
}

/** `{ "$file": id, name, mime, bytes, sha256 }` of 03. */
export interface FileHandle {
  $file: string;
  name: string;
  mime: string;
  bytes: number;
  sha256: string;
}

export interface FileStore {
  /** Throws UserError `file.not-found` for an id that is not the team's. */
  open(team: string, id: string): Promise<{ handle: FileHandle; stream: () => AsyncIterable<Uint8Array> }>;
  create(team: string, meta: { name: string; mime: string; run: string }, content: AsyncIterable<Uint8Array>): Promise<FileHandle>;
}

/** A decrypted credential, alive only inside one activity. */
export interface LiveCredential {
  id: string;
  kind: CredentialKind;
  /**
   * By kind (`@hub/kit/credentials`). Where a service takes a bearer token it is `token`, ready to use, however it came about: stored, by OAuth, for a
   * service account, from client credentials. Refresh tokens, client secrets and private keys are not among them.
   */
  values: Record<string, string>;
  /** Held by the outbound guard; for databases and mail servers `host:port`. */
  allowedHosts: string[];
}

/** Where a credential is used, for the audit log. */
export interface CredentialUse {
  run: string;
  nodeId: string;
}

export interface CredentialStore {
  /**
   * Decrypts for use and records the use in the run; an access token near its end is refreshed first.
   * @throws UserError `credential.not-found` | `credential.revoked` | `credential.needs-reauth` | `credential.not-connected`; TransientError `credential.refresh-failed`.
   */
  use(team: string, id: string, where: CredentialUse): Promise<LiveCredential>;
  /**
   * After the service refused `stale`: a fresh token, where another has not been got meanwhile.
   * @throws as `use`; UserError `credential.refused` for kinds whose secret does not renew itself.
   */
  renew(team: string, stale: LiveCredential): Promise<LiveCredential>;
}

/** Answers of respond steps to the request that started the run. */
export interface AnswerStore {
  /** The first respond step of a run answers; `given` again for a repeated attempt of that step. Bodies are JSON text. */
  give(given: {
    team: string;
    run: string;
    path: string;
    answer: { status: number; headers: Record<string, string>; bodyText: string };
  }): Promise<'given' | 'answered-before' | 'too-late' | 'no-request'>;
}

/** A file that goes out with a mail; its stream begins when the mail server takes it. */
export interface Attachment {
  name: string;
  mime: string;
  bytes: number;
  open: () => Readable;
}

export interface StepMail {
  team: string;
  to: string[];
  cc: string[];
  replyTo: string | null;
  subject: string;
  text: string;
  /** The same for every attempt of one step. */
  messageId: string;
  attachments: Attachment[];
}

export interface MailPort {
  /** `kept`: no mail server is set, the operator reads it at /dev/mail. Throws TransientError or UserError `notify.*`. */
  send(mail: StepMail, signal: AbortSignal): Promise<'sent' | 'kept'>;
}

/** Outputs of steps with `cache`, by what they were made from. One per team, node and key; gone after their time. */
export interface StepCacheStore {
  /** null: not there, or too old. */
  find(team: string, key: string): Promise<{ port: string; outputText: string; from: CachedFrom } | null>;
  /** Keeps the output of the completed row at `path`. */
  keep(kept: { team: string; run: string; path: string; key: string; workflowId: string; nodeId: string; ttlMs: number }): Promise<void>;
}

/** Starts the Temporal workflow of runs that were given a slot; idempotent (workflow id = run id). */
export interface RunStarter {
  start(runs: { team: string; run: string }[]): Promise<void>;
}
