/** What publishing refuses of triggers beyond their shape: schedules and polls whose times cannot be read or never come. */
import { readRule } from '@hub/activities/schedules';
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';

/** All faults, each with its place in the definition. */
export function scheduleFaults(definition: Definition): Fault[] {
  return (definition.triggers ?? []).flatMap((trigger, i) => {
    if (trigger.type !== 'schedule' && trigger.type !== 'poll') return [];
    const config = (trigger.config ?? {}) as Record<string, unknown>;
    const { faults } = readRule(trigger.type === 'poll' ? { every: config['every'] } : config);
    const place = (path: string): string => `/triggers/${i}/config${trigger.type === 'poll' ? '/every' : path}`;
    return faults.map(({ path, message }) => ({ path: place(path), code: 'trigger.bad-schedule', message: `${trigger.id}: ${message}` }));
  });
}
