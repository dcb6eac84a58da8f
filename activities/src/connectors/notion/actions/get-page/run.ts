import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { toMarkdown } from '../../markdown/print.ts';
import { pageOf, readBlocks } from '../../pages.ts';
import { idOf, readContent } from '../../params.ts';
import type { getPageSpec } from './spec.ts';

/** Answers the page with `{ markdown, more }`. */
export const runGetPage: ActionRun<typeof getPageSpec> = (context) =>
  withNotion(context, readContent, async (client) => {
    const { page, content, blocks } = context.params;
    const found = pageOf(await client.pages.retrieve({ page_id: idOf(page) }));
    if (!content) return { output: { ...found, markdown: null, more: false } };
    const read = await readBlocks(client, found.id, blocks);
    if (read.more) context.warn('connector.more-rows', `There are more than ${blocks} blocks; the rest was not read.`);
    return { output: { ...found, markdown: toMarkdown(read.blocks), more: read.more } };
  });
