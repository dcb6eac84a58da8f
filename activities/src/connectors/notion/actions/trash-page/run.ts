import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { idOf, updateContent } from '../../params.ts';
import type { trashPageSpec } from './spec.ts';

/** Answers `{ id, trashed }`. */
export const runTrashPage: ActionRun<typeof trashPageSpec> = (context) =>
  withNotion(context, updateContent, async (client) => {
    const { page, restore } = context.params;
    const { id } = await client.pages.update({ page_id: idOf(page), in_trash: !restore });
    return { output: { id, trashed: !restore } };
  });
