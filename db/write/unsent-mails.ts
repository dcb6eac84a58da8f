/** Mails of steps on an installation without a mail server. */
import { asTeam, callAgain, callOnce, type Sql } from '../database.ts';

export interface UnsentMail {
  to: string;
  subject: string;
  text: string;
  /** The same for every attempt of one step: kept once. */
  messageId: string;
}

const keptPerTeam = 200;

export async function keepUnsentMail(sql: Sql, team: string, { to, subject, text, messageId }: UnsentMail): Promise<void> {
  await callAgain(() =>
    asTeam(sql, team, async (tx) => {
      await tx`
        insert into unsent_mails (team_id, recipients, subject, body, message_id) values (${team}, ${to}, ${subject}, ${text}, ${messageId})
        on conflict (team_id, message_id) do nothing`;
      await tx`delete from unsent_mails where team_id = ${team} and id in (select id from unsent_mails where team_id = ${team} order by id desc offset ${keptPerTeam})`;
    }),
  );
}

/** Of all teams, newest first, at most 200: for the person who runs the installation, nobody else. */
export async function readUnsentMails(sql: Sql): Promise<{ id: string; at: string; to: string; subject: string; text: string }[]> {
  const rows = await callOnce(
    () => sql<{ id: string; at: Date; recipients: string; subject: string; body: string }[]>`
    select id, at, recipients, subject, body from hub_unsent_mails(200)`,
  );
  return rows.map((row) => ({ id: row.id, at: row.at.toISOString(), to: row.recipients, subject: row.subject, text: row.body }));
}
