import { inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { sizeOf } from '../../markdown/block.ts';
import { toBlocks } from '../../markdown/parse.ts';
import { inRequests } from '../../pages.ts';
import { idOf, insertContent } from '../../params.ts';
import type { appendBlocksSpec } from './spec.ts';

/** Answers `{ ids, count }`. */
export const runAppendBlocks: ActionRun<typeof appendBlocksSpec> = async (context) => {
  const blocks = toBlocks(context.params.markdown);
  const requests = inRequests(blocks);
  const done: string[][] = [];
  await inParts(done, requests.length, () =>
    withNotion(context, insertContent, async (client) => {
      for (const children of requests.slice(done.length)) {
        const { results } = await client.blocks.children.append({ block_id: idOf(context.params.page), children: children as never });
        done.push(results.map(({ id }) => id));
      }
    }),
  );
  return { output: { ids: done.flat(), count: blocks.reduce((sum, block) => sum + sizeOf(block), 0) } };
};
