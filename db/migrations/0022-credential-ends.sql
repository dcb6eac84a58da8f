-- When a credential ends for good: as its owner said of a key, or as the provider said of its access. Its people are told before.

alter table connector_credentials add column ends_at timestamptz;
create index connector_credentials_ending on connector_credentials (ends_at) where ends_at is not null and status <> 'revoked';

-- Of all teams, for the notices: ids only. What ended a month ago is nobody's news.
-- By pages, from after the one given: those who were told are among them, and must not hide the others.
create function hub_ending_credentials(p_before timestamptz, p_after_at timestamptz, p_after uuid, p_max integer)
returns table (team uuid, credential uuid, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.team_id, c.id, c.ends_at from connector_credentials c
  where c.status <> 'revoked' and c.ends_at < p_before and c.ends_at > now() - interval '30 days' and (p_after is null or (c.ends_at, c.id) > (p_after_at, p_after))
  order by c.ends_at, c.id limit p_max
$$;

grant create on schema public to hub_definer;
alter function hub_ending_credentials(timestamptz, timestamptz, uuid, integer) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_ending_credentials to hub_app;
reset role;
