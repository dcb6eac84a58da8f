-- Building: who saved a draft last, when a trigger fires next, and who may do more with one workflow.
alter table workflows add column updated_by uuid references users on delete set null;
alter table triggers add column next_fire_at timestamptz; -- null: it does not fire by itself, or is held
create index triggers_fires on triggers (team_id, workflow_id, next_fire_at) where next_fire_at is not null;

-- Whoever leaves the team leaves these too.
alter table workflow_permissions add foreign key (team_id, user_id) references members (team_id, user_id) on delete cascade;
create index workflow_permissions_user on workflow_permissions (team_id, user_id, workflow_id);

create index workflows_tags on workflows using gin (tags);
