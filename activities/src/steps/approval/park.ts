/** `approval`: people are asked; whoever of them answers first decides. */
import type { Json } from '@hub/dag/planner';

import { own } from '../../values/json.ts';
import { durationMs } from '../duration.ts';
import type { ParkStep } from '../park-step.ts';

const maxTitle = 500;
const maxBody = 20_000;

export const approvalStep: ParkStep = {
  toFill: (config) => ({ title: config['title'] ?? '', body: config['body'] ?? null }),
  open: async ({ config, filled, now }) => {
    const limit = durationMs(config['timeout']);
    const remindMs = durationMs(config['remindEvery']);
    const approvers = Array.isArray(config['approvers']) ? config['approvers'].map(String) : [];
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

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
