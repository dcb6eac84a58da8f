/** Tells people that a credential ends: a notice in their inbox and a mail, a week before, a day before and at its end. */
import type { Sql } from '@hub/db';
import { type EndingCredential, endingCredentials, tellOfEnd } from '@hub/db/write';
import type { Mailer } from '../auth/mailer.ts';

export interface EndingsDeps {
  sql: Sql;
  mailer: Mailer;
  /** Of the hub, for the link of a mail. */
  url: string;
}

/** Of one credential. Whoever was told already is not told again, by whichever process. */
export async function tellOfOneEnd({ sql, mailer, url }: EndingsDeps, team: string, id: string): Promise<void> {
  for (const { email, title, body, link } of await tellOfEnd(sql, team, id))
    await mailer.send({ to: email, subject: title, text: `${body}\n${url}${link}` });
}

/** Of all teams: a periodic work. */
export async function tellOfEnds(deps: EndingsDeps): Promise<void> {
  for (let after: EndingCredential | null = null; ; ) {
    const page: EndingCredential[] = await endingCredentials(deps.sql, after);
    for (const { team, credential } of page) await tellOfOneEnd(deps, team, credential);
    after = page.at(-1) ?? null;
    if (after === null) return;
  }
}
