/** Does one job inside a child for expressions. Nothing here may keep anything of one job for the next but compiled expressions. */
import { toJsonText } from '../../values/json.ts';
import { holds } from '../condition.ts';
import { DataContext } from '../context.ts';
import { Scope } from '../scope.ts';
import { bareExpression, fill } from '../template.ts';
import { contextOf } from './data.ts';
import { sized } from './envelope.ts';
import type { CodeJob, DataWire, Job, ResolveAnswer } from './jobs.ts';
import { runGroup } from './run-group.ts';
import { runGroups } from './run-groups.ts';

/** Throws what the evaluation threw. */
export async function runJob(job: Exclude<Job, CodeJob>): Promise<unknown> {
  switch (job.kind) {
    case 'ping':
      return { pid: process.pid };
    case 'resolve': {
      const literal = new Set(job.literal);
      return await resolved(job, async (scope) => await fill(JSON.parse(job.valueText), scope, undefined, (pointer) => literal.has(pointer)));
    }
    case 'expression':
      return await resolved(job, async (scope) => await scope.required(bareExpression(job.text)));
    case 'condition': {
      const scope = scopeOf(job);
      return { holds: await holds(JSON.parse(job.text), scope), warnings: scope.warnings };
    }
    case 'group':
      return await runGroup(job);
    case 'groups':
      return { items: await runGroups(job) };
  }
}

function scopeOf(job: { data: DataWire; strict: boolean }): Scope {
  return new Scope(new DataContext(contextOf(job.data)), { strict: job.strict });
}

async function resolved(job: { data: DataWire; strict: boolean }, work: (scope: Scope) => Promise<unknown>): Promise<ResolveAnswer> {
  const scope = scopeOf(job);
  const { text, cleaned } = toJsonText(await work(scope));
  if (cleaned) scope.warn('value.cleaned', 'Characters that cannot be stored (U+0000, lone surrogates) were replaced');
  return { valueText: sized(text), warnings: scope.warnings };
}
