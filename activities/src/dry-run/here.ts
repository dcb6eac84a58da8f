/**
 * Evaluates in this very process, with the code that the pool's children run. For the browser, where the expressions are the viewer's own; never for a
 * server, where they belong into a child.
 */
import { UserError } from '@hub/kit/errors';

import { holds } from '../expressions/condition.ts';
import { DataContext } from '../expressions/context.ts';
import { contextOf } from '../expressions/pool/data.ts';
import type { AnswerOf, ExpressionJob, GroupJob, ResolveJob } from '../expressions/pool/jobs.ts';
import { runGroup } from '../expressions/pool/run-group.ts';
import { Scope } from '../expressions/scope.ts';
import { bareExpression, fill } from '../expressions/template.ts';
import { toJsonText } from '../values/json.ts';
import type { Evaluator } from './types.ts';

type Job = GroupJob | ResolveJob | ExpressionJob;

export const evaluatorHere: Evaluator = {
  run: async <J extends Job>(job: J): Promise<AnswerOf<J>> => (await answer(job)) as AnswerOf<J>,
};

async function answer(job: Job): Promise<unknown> {
  if (job.kind === 'group') return await runGroup(job);
  const scope = new Scope(new DataContext(contextOf(job.data)), { strict: job.strict });
  if (job.kind === 'condition') return { holds: await holds(JSON.parse(job.text), scope), warnings: scope.warnings };
  const value = job.kind === 'resolve' ? await fill(JSON.parse(job.valueText), scope) : await scope.required(bareExpression(job.text));
  const { text } = toJsonText(value);
  if (text.length > 5_000_000) throw new UserError('expression.too-large', 'The result is larger than 5 MB');
  return { valueText: text, warnings: scope.warnings };
}
