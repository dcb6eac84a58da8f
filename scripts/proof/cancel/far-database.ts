/** A database of somebody else, which keeps a log of every row written and deleted: the judge of order and of what was done twice. */
import postgres from 'postgres';

export interface LogLine {
  n: number;
  kind: 'insert' | 'delete';
  id: number;
  run: string;
  step: string;
}

export interface FarDatabase {
  /** `host:port`, for the guard. */
  hostPort: string;
  /** Of the credential. */
  values: Record<string, string>;
  log: () => Promise<LogLine[]>;
  /** Rows that stand. */
  standing: () => Promise<{ run: string; step: string }[]>;
  /** For how long each delete takes, so that a kill can meet it. */
  slowDeletes: (ms: number) => Promise<void>;
  close: () => Promise<void>;
}

const schema = `
create table effects (id bigint generated always as identity primary key, run text not null, step text not null);
create table log (n bigint generated always as identity primary key, kind text not null, id bigint not null, run text not null, step text not null);
create table pace (ms integer not null);
insert into pace values (0);
create function note() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then insert into log (kind, id, run, step) values ('insert', new.id, new.run, new.step); return new; end if;
  perform pg_sleep(ms / 1000.0) from pace;
  insert into log (kind, id, run, step) values ('delete', old.id, old.run, old.step);
  return old;
end $$;
create trigger noted after insert or delete on effects for each row execute function note();`;

/** On the server of the proof; gone with `close`. */
export async function startFarDatabase(ownerUrl: string): Promise<FarDatabase> {
  const name = `far_${process.pid}`;
  const admin = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.unsafe(`create database ${name}`);
  const url = Object.assign(new URL(ownerUrl), { pathname: `/${name}` });
  const sql = postgres(url.href, { max: 2, onnotice: () => undefined });
  await sql.unsafe(schema);
  return {
    hostPort: `${url.hostname}:${url.port}`,
    values: {
      host: url.hostname,
      port: url.port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: name,
      tls: 'off',
    },
    log: async () => [...(await sql<LogLine[]>`select n::int, kind, id::int, run, step from log order by n`)],
    standing: async () => [...(await sql<{ run: string; step: string }[]>`select run, step from effects`)],
    slowDeletes: async (ms) => void (await sql`update pace set ms = ${ms}`),
    async close() {
      await sql.end({ timeout: 2 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 2 });
    },
  };
}
