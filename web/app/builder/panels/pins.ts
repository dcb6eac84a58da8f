/** Outputs given by hand for tests. */
import type { Json } from '../../ui/json-path.ts';
import { ApiFault } from '../api.ts';
import type { Builder } from '../context.tsx';

/** Sends all pins; the draft goes first, since a pin of a step the server has never seen is refused. */
export async function putPins({ store, call, saving, workflow }: Builder, pins: Record<string, Json>): Promise<string | null> {
  const before = store.getState().pins;
  store.getState().set({ pins });
  try {
    if (!(await saving.flush())) throw new TypeError('the draft is not saved');
    const ids = new Set(store.getState().definition.nodes.map(({ id }) => id));
    await call('PUT', `/workflows/${workflow.id}/pins`, { body: Object.fromEntries(Object.entries(pins).filter(([id]) => ids.has(id))) });
    return null;
  } catch (error) {
    store.getState().set({ pins: before });
    return error instanceof ApiFault
      ? (error.problem.errors[0]?.message ?? error.problem.detail)
      : 'The server could not be reached. Nothing was pinned.';
  }
}
