/** `approval`: people are asked; whoever of them answers first decides. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { own } from '../../values/json.ts';
import { durationMs } from '../duration.ts';
import type { ParkStep } from '../park-step.ts';

const maxTitle = 500;
const maxBody = 20_000;
const maxApprovers = 50;
/** Where a template gave less: people are not asked every second. */
const leastReminderMs = 60_000;

export const approvalStep: ParkStep = {
  toFill: ({ form: _literal, ...filled }) => filled,
  open: async ({ config, filled, now }) => {
    const limit = durationMs(own(filled, 'timeout'), 'timeout');
    const remind = durationMs(own(filled, 'remindEvery'), 'remindEvery');
    const remindMs = remind === null ? null : Math.max(remind, leastReminderMs);
    const approvers = approversOf(own(filled, 'approvers'));
    const body = own(filled, 'body') ?? null;
    return await Promise.resolve({
      facts: { reason: 'approval' as const, ...(limit === null ? {} : { at: now + limit }), ...(remindMs === null ? {} : { remindMs }) },
      approval: {
        title: textOf(own(filled, 'title') ?? '').slice(0, maxTitle),
        body: body === null ? null : textOf(body).slice(0, maxBody),
        form: config['form'] ?? null,
        approvers,
      },
      link: true as const,
    });
  },
  close: ({ message }) => {
    if (message?.decision === undefined || message.decision === null)
      return { port: 'timeout', outputText: '{"decision":"timeout","by":null,"at":null,"form":null}' };
    const { decision, by, at, text } = message;
    return {
      port: decision,
      outputText: `{"decision":${JSON.stringify(decision)},"by":${JSON.stringify(by)},"at":${JSON.stringify(at)},"form":${text ?? 'null'}}`,
    };
  },
};

/** Who is asked; a list in the list counts as its members. A template that gives nobody is a fault, for an empty list would let everybody answer. */
function approversOf(value: Json | undefined): string[] {
  if (value === undefined) return [];
  const asked = Array.isArray(value) ? value.flat() : [value];
  const wrong = asked.some((one) => typeof one !== 'string' || one.trim() === '');
  if (wrong || (Array.isArray(value) && value.length > 0 && asked.length === 0) || asked.length > maxApprovers)
    throw new UserError(
      'approval.bad-approvers',
      `"approvers" gives ${JSON.stringify(value).slice(0, 80)}: up to ${maxApprovers} e-mail addresses or roles are due.`,
    );
  return asked.map((one) => String(one).trim());
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
