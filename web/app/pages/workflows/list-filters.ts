/** What the workflow list can be filtered by, in words and in the address. */
import type { CallOf, Routes } from '@hub/contract';
import type { Filter } from '../../lists/filter-bar.tsx';
import type { View } from '../../lists/views.ts';

export type ListQuery = NonNullable<CallOf<Routes['listWorkflows']>['query']>;

export const statuses = ['draft', 'active', 'paused', 'archived'] as const;
export const healths = ['healthy', 'unsteady', 'failing', 'none'] as const;
export const triggers = ['manual', 'api', 'schedule', 'webhook', 'form', 'continuous', 'poll', 'event'] as const;
export const sorts = ['created', 'updated', 'name', 'last_run'] as const;

/** Filters that make a view, in the order of their addresses. */
export const filterNames = ['q', 'status', 'trigger', 'health', 'tag', 'owner', 'sort'] as const;

export const workflowViews: View[] = [
  { name: 'All', search: '' },
  { name: 'Active', search: 'status=active' },
  { name: 'Failing', search: 'health=failing' },
  { name: 'Scheduled', search: 'trigger=schedule' },
  { name: 'Mine', search: 'owner=me' },
  { name: 'Archived', search: 'status=archived' },
];

const words = {
  draft: 'Draft',
  active: 'Active',
  paused: 'Paused',
  archived: 'Archived',
  healthy: 'Healthy',
  unsteady: 'Unsteady',
  failing: 'Failing',
  none: 'Nothing ended yet',
  manual: 'By hand',
  api: 'API',
  schedule: 'Schedule',
  webhook: 'Webhook',
  form: 'Form',
  continuous: 'Continuous',
  poll: 'Poll',
  event: 'Event',
  created: 'Newest first',
  updated: 'Changed last',
  name: 'By name',
  last_run: 'Ran last',
} as const;
type Word = keyof typeof words;

/** `schedule` -> `Schedule`; a type this page does not know is shown as it is. */
export const triggerWord = (type: string): string => (Object.hasOwn(words, type) ? words[type as Word] : type);
const choices = (all: readonly Word[]) => all.map((value) => ({ value, label: words[value] }));

export function workflowFilters(tags: readonly string[], people: readonly { id: string; name: string }[], meId: string | null): Filter[] {
  const others = people.filter(({ id }) => id !== meId).map(({ id, name }) => ({ value: id, label: name }));
  return [
    { name: 'status', label: 'Status', every: 'Every status', options: choices(statuses) },
    { name: 'trigger', label: 'Trigger', every: 'Every trigger', options: choices(triggers) },
    { name: 'health', label: 'Health', every: 'Every health', options: choices(healths) },
    ...(tags.length > 0 ? [{ name: 'tag', label: 'Tag', every: 'Every tag', options: tags.map((value) => ({ value, label: value })) }] : []),
    { name: 'owner', label: 'Owner', every: 'Every owner', options: [{ value: 'me', label: 'Mine' }, ...others] },
    { name: 'sort', label: 'Order', every: 'Newest first', options: choices(['updated', 'name', 'last_run']) },
  ];
}
