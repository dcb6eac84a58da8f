/** What a run waits for: approvals, signals, answers. */
import { z } from 'zod';
import { id, instant, jsonObject, jsonValue } from './common.ts';

/** Why a run is `waiting`, in `statusReason`: all of it that is in flight is parked. */
export const waitReason = z.enum(['approval', 'signal', 'timer', 'child', 'budget', 'incident', 'pause', 'unknown-outcome']);
export type WaitReason = z.output<typeof waitReason>;

export const approvalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']);

/** What is asked, to whom, and what came of it. */
export const approval = z
  .object({
    id,
    runId: id,
    workflowId: id,
    workflowName: z.string(),
    nodeId: z.string(),
    path: z.string().meta({ description: 'Where in the run: `each[2].ok` is iteration 2 of the loop `each`.' }),
    status: approvalStatus,
    title: z.string(),
    body: z.string().nullable(),
    form: jsonObject.nullable().meta({ description: 'JSON Schema of the fields to fill in; null: none.' }),
    approvers: z.array(z.string()).meta({ description: 'E-mail addresses and roles; none: whoever may answer in this team.' }),
    requestedAt: instant,
    expiresAt: instant.nullable(),
    answer: z.object({ decision: z.enum(['approved', 'rejected']), by: z.string().nullable(), at: instant, form: jsonValue }).nullable(),
    mayAnswer: z.boolean().meta({ description: 'Whether the caller is one of those asked, and it is still pending.' }),
  })
  .meta({ id: 'Approval' });
export type Approval = z.output<typeof approval>;

/** The approval as somebody with a link sees it: nothing but the question. */
export const approvalLink = approval
  .pick({ id: true, status: true, title: true, body: true, form: true, workflowName: true, requestedAt: true, expiresAt: true })
  .meta({ id: 'ApprovalLink' });
export type ApprovalLink = z.output<typeof approvalLink>;

/** One message id, one effect: a repeat answers as the first did. */
export const messageId = z.string().min(1).max(200).meta({ description: 'Made by the caller; the same one again has no second effect.' });
const path = z.string().max(500).meta({ description: 'Which iteration, where the node is in a loop: `each[2].ok`.' });

export const signal = z
  .strictObject({
    payload: jsonValue.optional(),
    key: jsonValue.optional().meta({ description: 'Only waits with this key.' }),
    path: path.optional(),
    messageId,
  })
  .meta({ id: 'Signal' });
export const signalTaken = z.object({ id, messageId: z.string(), repeated: z.boolean() }).meta({ id: 'SignalTaken' });

export const nodeAnswer = z
  .strictObject({
    decision: z.enum(['approved', 'rejected', 'retry', 'done', 'fail']).meta({
      description: 'An approval takes approved or rejected; a step with unknown outcome retry, done (with `output`) or fail.',
    }),
    path: path.optional(),
    form: jsonValue.optional(),
    output: jsonValue.optional(),
    messageId,
  })
  .meta({ id: 'NodeAnswer' });
export const answerTaken = z
  .object({ id, nodeId: z.string(), path: z.string(), decision: z.string(), repeated: z.boolean() })
  .meta({ id: 'AnswerTaken' });

export const linkAnswer = z
  .strictObject({ token: z.string().min(1).max(200), decision: z.enum(['approved', 'rejected']), form: jsonValue.optional(), messageId })
  .meta({ id: 'LinkAnswer' });
