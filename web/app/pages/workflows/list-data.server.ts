/** Reads the workflow list as its address asks. */
import type { Client, WorkflowListItem } from '@hub/contract';
import { tryRead } from '../../api/hub.server.ts';
import { toState } from '../../ui/state.tsx';
import { type ListQuery, healths, sorts, statuses, triggers } from './list-filters.ts';

const pageSize = 50;
const oneOf = <T extends string>(all: readonly T[], value: string | null): T | undefined => all.find((each) => each === value);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function queryOf(search: URLSearchParams): ListQuery {
  const owner = search.get('owner');
  const q = (search.get('q') ?? '').slice(0, 200);
  const tag = (search.get('tag') ?? '').slice(0, 50);
  const cursor = search.get('cursor');
  return {
    ...(q ? { q } : {}),
    ...(tag ? { tag } : {}),
    ...(cursor ? { cursor } : {}),
    ...(owner && (owner === 'me' || uuid.test(owner)) ? { owner } : {}),
    status: oneOf(statuses, search.get('status')),
    health: oneOf(healths, search.get('health')),
    trigger: oneOf(triggers, search.get('trigger')),
    sort: oneOf(sorts, search.get('sort')),
  };
}

function listed(workflow: WorkflowListItem) {
  const { id, name, status, publishedVersion, tags, updatedAt, owner, triggerTypes, health, openRuns, nextFireAt, costThisMonthUsd, recentRuns } =
    workflow;
  const runs = recentRuns.map((run) => ({ id: run.id, state: toState(run.status), durationMs: run.durationMs, createdAt: run.createdAt }));
  return {
    id,
    name,
    status,
    publishedVersion,
    tags,
    updatedAt,
    owner: owner?.name ?? null,
    triggerTypes,
    health,
    openRuns,
    nextFireAt,
    costThisMonthUsd,
    runs,
  };
}
export type Listed = ReturnType<typeof listed>;

/** The page, and what its filters offer; filters that cannot be read are left out. */
export async function readWorkflowList(client: Client, search: URLSearchParams) {
  const [page, tags, members] = await Promise.all([
    client.listWorkflows({ query: { limit: pageSize, ...queryOf(search) } }),
    tryRead(client.listWorkflowTags()),
    tryRead(client.listMembers({ query: { limit: 200 } })),
  ]);
  return {
    workflows: page.items.map(listed),
    nextCursor: page.nextCursor,
    tags: (tags.value?.items ?? []).slice(0, 50).map(({ tag }) => tag),
    people: (members.value?.items ?? []).map(({ userId, name }) => ({ id: userId, name })),
  };
}
