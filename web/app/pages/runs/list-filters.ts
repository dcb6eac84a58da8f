/** What the run list can be filtered by, in words and in the address. */
import type { CallOf, Routes } from '@hub/contract';
import { toStatus } from '../../api/statuses.ts';
import type { Filter } from '../../lists/filter-bar.tsx';
import type { View } from '../../lists/views.ts';
import { triggerWords } from '../../run/trigger-words.ts';
import { stateWord } from '../../ui/state.tsx';

const statuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'timed_out', 'cancelled'] as const;
const spans: Record<string, { label: string; ms: number }> = {
  hour: { label: 'Last hour', ms: 3_600_000 },
  day: { label: 'Last 24 hours', ms: 86_400_000 },
  week: { label: 'Last 7 days', ms: 7 * 86_400_000 },
  month: { label: 'Last 30 days', ms: 30 * 86_400_000 },
};

/** Filters that make a view, in the order of their addresses. */
export const filterNames = ['q', 'status', 'workflow', 'trigger', 'since', 'test'] as const;

export const runViews: View[] = [
  { name: 'All', search: '' },
  { name: 'Running', search: 'status=running' },
  { name: 'Waiting', search: 'status=waiting' },
  { name: 'Failed', search: 'status=failed' },
  { name: 'Tests', search: 'test=true' },
];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The query of an address; what it does not know it leaves out. */
export function runQuery(search: URLSearchParams, nowMs: number): NonNullable<CallOf<Routes['listRuns']>['query']> {
  const q = (search.get('q') ?? '').trim().slice(0, 200);
  const status = toStatus(search.get('status'));
  const workflowId = search.get('workflow') ?? '';
  const trigger = search.get('trigger') ?? '';
  const since = search.get('since') ?? '';
  const span = Object.hasOwn(spans, since) ? spans[since] : undefined;
  const test = search.get('test');
  const cursor = search.get('cursor');
  return {
    ...(q ? { q } : {}),
    ...(status ? { status } : {}),
    ...(uuid.test(workflowId) ? { workflowId } : {}),
    ...(Object.hasOwn(triggerWords, trigger) ? { trigger } : {}),
    ...(span ? { from: new Date(nowMs - span.ms).toISOString() } : {}),
    ...(test === 'true' || test === 'false' ? { test } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

export function runFilters(workflows: readonly { id: string; name: string }[]): Filter[] {
  return [
    { name: 'status', label: 'State', every: 'Every state', options: statuses.map((value) => ({ value, label: stateWord(value) })) },
    { name: 'workflow', label: 'Workflow', every: 'Every workflow', options: workflows.map(({ id, name }) => ({ value: id, label: name })) },
    {
      name: 'trigger',
      label: 'Started',
      every: 'Started anyhow',
      options: Object.entries(triggerWords).map(([value, words]) => ({ value, label: `Started ${words}` })),
    },
    { name: 'since', label: 'Time', every: 'Any time', options: Object.entries(spans).map(([value, { label }]) => ({ value, label })) },
    {
      name: 'test',
      label: 'Tests',
      every: 'Tests too',
      options: [
        { value: 'false', label: 'No tests' },
        { value: 'true', label: 'Only tests' },
      ],
    },
  ];
}
