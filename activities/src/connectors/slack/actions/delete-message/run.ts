import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { deleteMessageSpec } from './spec.ts';

/** Answers `{ deleted }`. */
export const runDeleteMessage: ActionRun<typeof deleteMessageSpec> = (context) =>
  withSlack(context, async (client) => {
    const { channel, ts } = context.params;
    const gone = (error: unknown): boolean => (error as { data?: { error?: string } }).data?.error === 'message_not_found';
    const deleted = await client.chat.delete({ channel, ts }).then(
      () => true,
      (error: unknown) => {
        if (gone(error)) return false;
        throw error;
      },
    );
    return { output: { deleted } };
  });
