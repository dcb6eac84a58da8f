/** Runs that a list shows and no longer tells of, by `?ids=`. No page of its own. */
import type { Route } from './+types/shown.ts';
import { read } from '../../api/hub.server.ts';
import { withStrips } from '../../run/strips.server.ts';

/** What a list asked once it does not ask again by itself. */
export const shouldRevalidate = (): boolean => false;

export async function loader({ request, context }: Route.LoaderArgs) {
  const ids = new URL(request.url).searchParams.get('ids') ?? '';
  return read({ request, context }, async (client) => ({
    runs: withStrips((await client.listRuns({ query: { ids, limit: 50, include: 'strip' } })).items),
  }));
}
