/** What publishing refuses of triggers beyond their shape: schedules and polls whose times cannot be read or never come, polls that cannot read. */
import { findAction } from '@hub/activities/catalogue';
import { nextFires, readRule } from '@hub/activities/schedules';
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';

/** All faults, each with its place in the definition. */
export function scheduleFaults(definition: Definition): Fault[] {
  return (definition.triggers ?? []).flatMap((trigger, i) => {
    if (trigger.type !== 'schedule' && trigger.type !== 'poll') return [];
    const config = (trigger.config ?? {}) as Record<string, unknown>;
    const isPoll = trigger.type === 'poll';
    const at = `/triggers/${i}/config`;
    const { rule, faults } = readRule(isPoll ? { every: config['every'] } : config);
    // Asked here only: the last day of a calendar still fires when it has come.
    if (rule !== null && nextFires(rule, new Date(), 1).length === 0) faults.push({ path: '/calendar', message: 'would never fire' });
    const times = faults.map(({ path, message }) => ({
      path: `${at}${isPoll ? '/every' : path}`,
      code: 'trigger.bad-schedule',
      message: `${trigger.id}: ${message}`,
    }));
    return isPoll ? [...times, ...actionFaults(config, at, trigger.id)] : times;
  });
}

function actionFaults({ connector, action, params }: Record<string, unknown>, at: string, id: string): Fault[] {
  if (typeof connector !== 'string' || typeof action !== 'string') return [];
  const code = 'trigger.bad-action';
  const spec = findAction(connector, action);
  if (spec === null) return [{ path: `${at}/action`, code, message: `${id}: there is no action ${connector}.${action}` }];
  if (spec.kind === 'write') return [{ path: `${at}/action`, code, message: `${id}: ${connector}.${action} writes; a poll reads` }];
  const parsed = spec.params.safeParse(params ?? {});
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    path: `${at}/params${issue.path.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`,
    code,
    message: `${id}: ${issue.message}`,
  }));
}
