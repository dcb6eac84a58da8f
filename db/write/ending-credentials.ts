import { asTeam, type Sql } from '../database.ts';

/** From how long before the end its people are told, in days; and once more on the last day, and when it is over. */
export const credentialDaysBefore = 7;

/** A credential that ends soon or ended: who was told just now, and in which words. */
export interface ToldOfEnd {
  email: string;
  title: string;
  body: string;
  link: string;
}

export interface EndingCredential {
  team: string;
  credential: string;
  /** Kept to the microsecond, as text: pages go on from it. */
  endsAt: string;
}

/** Credentials of any team that end within `credentialDaysBefore` days or ended within the last 30: a page of them, after the one given. */
export async function endingCredentials(sql: Sql, after: EndingCredential | null = null, max = 500): Promise<EndingCredential[]> {
  // As text first: the driver would make a time of it, which has milliseconds only, and the page would begin with the one it ended with.
  return sql<EndingCredential[]>`
    select team, credential, ends_at::text as "endsAt"
    from hub_ending_credentials(now() + make_interval(days => ${credentialDaysBefore}), ${after?.endsAt ?? null}::text::timestamptz, ${after?.credential ?? null}::uuid, ${max})`;
}

/**
 * Notices that a credential ends: a week before, a day before, and at its end, each once. Told is who stored it; where they left the team, its owners and
 * admins. Answers whom it told now: nobody where all is said, or the end is far.
 */
export async function tellOfEnd(sql: Sql, team: string, id: string): Promise<ToldOfEnd[]> {
  return asTeam(
    sql,
    team,
    (tx) => tx<ToldOfEnd[]>`
    with c as (
      select id, name, user_id, ends_at, to_char(ends_at at time zone 'utc', 'FMDD FMMonth YYYY, HH24:MI "UTC"') as at,
        case when ends_at <= now() then 'ended' when ends_at < now() + interval '1 day' then 'day' else 'week' end as stage
      from connector_credentials where team_id = ${team} and id = ${id} and status <> 'revoked' and ends_at < now() + make_interval(days => ${credentialDaysBefore})),
    keepers as (select m.user_id from members m join c on c.user_id = m.user_id where m.team_id = ${team}),
    people as (
      select user_id from keepers union
      select m.user_id from members m where m.team_id = ${team} and m.role in ('owner', 'admin') and not exists (select from keepers)),
    told as (
      insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
      select ${team}, p.user_id, case when c.stage = 'ended' then 'credential.ended' else 'credential.ends-soon' end,
        case c.stage when 'ended' then c.name || ' has ended' when 'day' then c.name || ' ends within a day' else c.name || ' ends soon' end,
        case c.stage when 'ended' then 'It ended on ' || c.at || '. Steps that use it fail until its values are stored anew.'
          else 'It ends on ' || c.at || '. Store new values before, so that no step fails.' end,
        '/connections/' || c.id, 'ends ' || c.id || ' ' || extract(epoch from c.ends_at) || ' ' || c.stage
      from c cross join people p on conflict (team_id, user_id, dedupe_key) do nothing returning user_id, title, body, link)
    select u.email, t.title, t.body, t.link from told t join users u on u.id = t.user_id`,
  );
}
