/** Runs, node rows, events and the frames of the live channel (03, "Shapes that clients lean on"). */
import { z } from 'zod';
import { id, instant, jsonObject, jsonValue, versionNumber } from './common.ts';
import { undoSums } from './undo.ts';
import { waitReason } from './waits.ts';

export const runStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out']);
/** Of a query: one status, or several with commas between them. */
export const runStatuses = z
  .string()
  .regex(
    new RegExp(`^(${runStatus.options.join('|')})(,(${runStatus.options.join('|')}))*$`),
    `one or more of ${runStatus.options.join(', ')}, with commas between them`,
  );
/** Of a query: at most fifty ids, with commas between them. */
export const runIds = z
  .string()
  .max(50 * 37)
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})*$/i, 'ids of runs, with commas between them');
export const settledStatuses = ['completed', 'failed', 'cancelled', 'timed_out'] as const;
export const nodeStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled', 'lost']);

export const runError = z.object({ code: z.string(), message: z.string(), nodeId: z.string().nullable(), path: z.string().nullable() });
export const outputRef = z.object({ url: z.string(), bytes: z.number().int() }).meta({ description: 'Where a value over 1 MB is read.' });

const totals = z.object({
  nodes: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  steps: z.number().int().meta({ description: 'Attempts made.' }),
  tokens: z.number().int(),
  costUsd: z.number(),
});

const person = z.object({ id, name: z.string() });

export const run = z
  .object({
    id,
    workflowId: id,
    workflowName: z.string(),
    version: z.number().int().nullable(),
    status: runStatus,
    statusReason: z
      .string()
      .nullable()
      .meta({ description: 'Of a waiting run: approval, signal, timer, child, budget, incident, pause or unknown-outcome.' }),
    input: jsonValue,
    output: jsonValue.optional(),
    outputRef: outputRef.optional(),
    error: runError.nullable(),
    trigger: jsonValue,
    priority: z.number().int(),
    isTest: z.boolean().optional().meta({ description: 'A test of a draft.' }),
    seriesId: id.nullish().meta({ description: 'The series of a continuous trigger it belongs to; a series is one logical run.' }),
    retryOf: id.nullish().meta({ description: 'The run that this one continues; what it kept of it was not paid again.' }),
    kept: z
      .object({ nodes: z.number().int(), tokens: z.number().int(), costUsd: z.number() })
      .nullish()
      .meta({ description: 'Of a run that continues another: what it took over, and what that had cost. Not in its totals.' }),
    undo: undoSums.nullish().meta({ description: 'Of a run that undoes, or undid, completed actions (`settings.compensate`).' }),
    createdAt: instant,
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    totals,
    note: z.string().nullish().meta({ description: 'What somebody wrote on it; it is kept for good then.' }),
    noteBy: person.nullish(),
    startedBy: person.nullish().meta({ description: 'Who started or continued it, or whose key did; null where no person did, or they are gone.' }),
    temporalUrl: z.string().nullable().meta({ description: 'The run in the Temporal Web UI.' }),
  })
  .meta({ id: 'Run' });
export type Run = z.output<typeof run>;

/** A node's span in the small picture of a run; times in ms since the run's start. */
export const stripPart = z
  .object({
    nodeId: z.string(),
    status: nodeStatus,
    startMs: z.number().nullable(),
    endMs: z.number().nullable(),
    kept: z.boolean().optional().meta({ description: 'Taken over from the run that this one continues; its times lie before the start.' }),
  })
  .meta({ id: 'RunStripPart' });

/** A run in a list: without its values. */
export const runSummary = run
  .omit({ input: true, output: true, outputRef: true, temporalUrl: true, noteBy: true, startedBy: true, undo: true })
  .extend({ strip: z.array(stripPart).optional().meta({ description: 'With `include=strip`: its top-level nodes, at most 40.' }) })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.output<typeof runSummary>;

/** Id of a node, as definitions have them. */
export const nodeIdText = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'a node id: a lower-case letter, then letters, digits or _');

const testOnly = ['upTo', 'only', 'pinned', 'pinnedFromRun'] as const;
export const runStart = z
  .strictObject({
    input: jsonValue.optional().meta({ description: "Input of the run; checked against the workflow's `inputs` schema, defaults filled in." }),
    version: versionNumber.optional().meta({ description: 'A published version; the latest when absent.' }),
    trigger: z.string().max(63).optional().meta({ description: 'Id of the trigger this start counts as.' }),
    priority: z.number().int().min(1).max(5).optional().meta({ description: '1 (first) to 5.' }),
    draft: z
      .literal(true)
      .optional()
      .meta({ description: 'A test run of the draft as it is now: marked, out of statistics, takes a slot of the team only.' }),
    upTo: nodeIdText.optional().meta({ description: 'Test run: this node and all that is upstream of it.' }),
    only: z
      .union([nodeIdText, z.array(nodeIdText).min(1).max(500)])
      .optional()
      .meta({ description: 'Test run: this node alone (or these); the others are skipped. What it reads comes from pins or `pinnedFromRun`.' }),
    pinned: z
      .record(nodeIdText, jsonValue)
      .optional()
      .meta({ description: 'Test run: outputs by node id, instead of the stored pins. These nodes do not run.' }),
    pinnedFromRun: id.optional().meta({
      description:
        'Test run with `only` or `upTo`: nodes that do not run take their output of this run of the workflow. A node of a loop body gives that of its first iteration to all.',
    }),
  })
  .refine((body) => body.draft === true || testOnly.every((name) => body[name] === undefined), {
    path: ['draft'],
    message: 'upTo, only, pinned and pinnedFromRun are for test runs: send "draft": true',
  })
  .refine((body) => body.draft !== true || body.version === undefined, { path: ['version'], message: 'a test run takes the draft, not a version' })
  .refine((body) => body.upTo === undefined || body.only === undefined, { path: ['only'], message: 'send either only or upTo' });
export const runNote = z.strictObject({ note: z.string().trim().min(1).max(2000).nullable() });
export const runStarted = z.object({ id, status: runStatus }).meta({ id: 'RunStarted' });
export type RunStarted = z.output<typeof runStarted>;

export const nodeRow = z
  .object({
    nodeId: z.string(),
    nodeType: z.string(),
    path: z.string(),
    iteration: z.number().int().nullable(),
    attempt: z
      .number()
      .int()
      .meta({ description: 'From 1; 0 where the node never ran (skipped, disabled, pinned), and of the verdict that `onError` gave.' }),
    status: nodeStatus,
    port: z.string().nullable(),
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    input: jsonValue.optional(),
    output: jsonValue.optional(),
    outputRef: outputRef.optional(),
    error: jsonObject.nullable(),
    tokens: z.number().int().nullable(),
    costUsd: z.number().nullable(),
    model: z.string().nullable(),
    recovered: z.boolean().optional().meta({ description: 'It failed, and `onError` completed it.' }),
    disabled: z.boolean().optional().meta({ description: 'It did not run: what came to it was passed on.' }),
    pinned: z.boolean().optional().meta({ description: 'It did not run: its output was pinned, in a test run.' }),
    seeded: z.boolean().optional().meta({ description: 'Kept from the run that this one continues: neither run nor paid again.' }),
    cached: z
      .object({ runId: id, at: instant, tokens: z.number().int().nullable(), costUsd: z.number().nullable(), by: z.literal('run').optional() })
      .optional()
      .meta({
        description:
          'Taken over instead of made: of which run, made when, and what that had cost. By the step cache (`cache` of the node), or with `by: run` because it would be made from the same as in the run that this one continues. Nothing was called and nothing paid.',
      }),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  })
  .meta({ id: 'NodeRow' });
export type NodeRow = z.output<typeof nodeRow>;

/** One line per node of the definition: its rows counted by status. */
export const nodeSummary = z
  .object({
    nodeId: z.string(),
    nodeType: z.string(),
    status: nodeStatus,
    counts: z.record(z.string(), z.number().int()).meta({ description: 'Paths by their last status.' }),
    items: z.number().int().nullable().meta({ description: 'Iterations, where the node repeats.' }),
    attempts: z.number().int(),
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    tokens: z.number().int(),
    costUsd: z.number(),
    model: z.string().nullable(),
    waits: z
      .object({
        for: waitReason,
        until: instant.nullable(),
        signal: z.string().nullable(),
        childRunId: id.nullable(),
        approvalId: id.nullable(),
        path: z.string(),
      })
      .nullable()
      .optional()
      .meta({ description: 'What its first open path waits for.' }),
    kept: z
      .boolean()
      .optional()
      .meta({ description: 'Not paid again: kept whole from the run that this one continues, or taken from the step cache.' }),
    port: z.string().nullable().optional().meta({ description: 'The port its own row took; the graph draws taken and dead edges by it.' }),
  })
  .meta({ id: 'NodeSummary' });
export type NodeSummary = z.output<typeof nodeSummary>;

export const runDefinition = z
  .object({ workflowId: id, workflowName: z.string(), version: z.number().int().nullable(), definition: jsonValue })
  .meta({ id: 'RunDefinition' });

export const runEvent = z
  .object({
    seq: z.number().int(),
    at: instant,
    type: z.string(),
    path: z.string().nullable(),
    iteration: z.number().int().nullable(),
    refs: jsonValue,
  })
  .meta({ id: 'RunEvent' });
export type RunEvent = z.output<typeof runEvent>;

/**
 * What the server sends on `WS /api/v1/live?run=&lastSeq=`: first `ready`, then every event after `lastSeq` in order and without gaps;
 * `run` whenever the run's own row changed; `error` before the server closes. After a break connect again with the last `seq` seen.
 */
export const liveFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), run: id, lastSeq: z.number().int() }),
  z.object({
    type: z.literal('event'),
    seq: z.number().int(),
    at: instant,
    event: z.string(),
    nodeId: z.string().nullable(),
    path: z.string().nullable(),
    iteration: z.number().int().nullable(),
    attempt: z.number().int().nullable(),
    status: z.string(),
    refs: jsonValue,
  }),
  z.object({ type: z.literal('run'), run: runSummary }),
  z.object({ type: z.literal('error'), code: z.string(), detail: z.string() }),
]);
export type LiveFrame = z.output<typeof liveFrame>;
