import { callOnce, one, type Sql } from '../database.ts';

/** Counts against a window that begins with its first request; shared by all processes. One round trip, as hub_app or hub_auth. */
export async function takeRate(
  sql: Sql,
  { key, limit, windowMs, cost = 1 }: { key: string; limit: number; windowMs: number; cost?: number },
): Promise<{ allowed: boolean; remaining: number; resetMs: number }> {
  const row = one(
    await callOnce(
      () => sql<{ points: number; reset: number }[]>`
    insert into rate_limits as r (key, points, expire) values (${key}, ${cost}::int, clock_timestamp() + make_interval(secs => ${windowMs / 1000}::float8))
    on conflict (key) do update set
      points = case when r.expire <= clock_timestamp() then excluded.points else least(r.points, ${limit}::int) + excluded.points end,
      expire = case when r.expire <= clock_timestamp() then excluded.expire else r.expire end
    returning points, (extract(epoch from expire - clock_timestamp()) * 1000)::float8 as reset`,
    ),
  );
  return { allowed: row.points <= limit, remaining: Math.max(0, limit - row.points), resetMs: Math.max(0, Math.ceil(row.reset)) };
}
