-- When a credential ends for good: as its owner said of a key, or as the provider said of its access. Its people are told before.

alter table connector_credentials add column ends_at timestamptz;
create index connector_credentials_ending on connector_credentials (ends_at) where ends_at is not null and status <> 'revoked';

-- Of all teams, for the notices: ids only. What ended a month ago is nobody's news.
create function hub_ending_credentials(p_before timestamptz, p_max integer) returns table (team uuid, credential uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.team_id, c.id from connector_credentials c
  where c.status <> 'revoked' and c.ends_at < p_before and c.ends_at > now() - interval '30 days' order by c.ends_at limit p_max
$$;

grant create on schema public to hub_definer;
alter function hub_ending_credentials(timestamptz, integer) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_ending_credentials to hub_app;
reset role;
