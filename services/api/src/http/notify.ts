/** The one way in which the API tells a person something: a notice in their inbox, and a mail where mails leave. */
import type { Sql } from '@hub/db';
import { addNotice } from '@hub/db/write';
import type { NewNotice } from '@hub/db/write';
import type { Mailer } from '../auth/mailer.ts';

/** A notice for a person. With a `dedupeKey` it is told once, however often it is sent. */
export type Notify = (notice: NewNotice & { email: string }) => Promise<void>;

/** The port over table and mailer. A failing mail server does not fail it. */
export function createNotify(sql: Sql, mailer: Mailer, url: string): Notify {
  return async ({ email, ...notice }) => {
    const isNew = await addNotice(sql, notice);
    if (!isNew) return;
    const link = notice.link ? `\n${url}${notice.link}` : '';
    await mailer.send({ to: email, subject: notice.title, text: `${notice.body ?? ''}${link}` });
  };
}
