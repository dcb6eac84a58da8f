import type { Client } from '@notionhq/client';
import { UserError } from '@hub/kit/errors';

import { inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { toBlocks } from '../../markdown/parse.ts';
import { plainText } from '../../markdown/rich-text.ts';
import { inRequests, openDataSource, pageOf } from '../../pages.ts';
import type { Page } from '../../pages.ts';
import { idOf, insertContent } from '../../params.ts';
import { toProperties } from '../../properties.ts';
import type { createPageSpec } from './spec.ts';

type Params = Parameters<ActionRun<typeof createPageSpec>>[0]['params'];

/** Answers the page. Made with as much of its content as one request takes; the rest is added behind it. */
export const runCreatePage: ActionRun<typeof createPageSpec> = async (context) => {
  const { params } = context;
  if ((params.dataSource === undefined) === (params.page === undefined))
    throw new UserError('step.invalid-params', 'Give a database or a page for the new page to be in, one of them.', { status: 422 });
  const [first = [], ...rest] = inRequests(toBlocks(params.markdown ?? ''));
  const done: unknown[] = [];
  let made: Page | null = null;
  await inParts(done, rest.length + 1, () =>
    withNotion(context, insertContent, async (client) => {
      if (made === null) {
        const page = { ...(await placeOf(client, params)), ...(first.length === 0 ? {} : { children: first as never }) };
        made = pageOf(await client.pages.create(page as never));
        done.push(made);
      }
      for (const children of rest.slice(done.length - 1)) {
        await client.blocks.children.append({ block_id: made.id, children: children as never });
        done.push(children);
      }
    }),
  );
  return { output: made as unknown as Page };
};

async function placeOf(client: Client, { dataSource, page, title, properties = {} }: Params): Promise<{ parent: object; properties: object }> {
  if (dataSource === undefined) {
    const known = { title: { type: 'title' } };
    const own = title === undefined ? {} : { title: { title: plainText(title) } };
    return { parent: { type: 'page_id', page_id: idOf(page ?? '') }, properties: { ...toProperties(properties, known), ...own } };
  }
  const source = await openDataSource(client, idOf(dataSource));
  const [named = 'title'] = Object.entries(source.properties).find(([, { type }]) => type === 'title') ?? [];
  const own = title === undefined ? {} : { [named]: { title: plainText(title) } };
  return { parent: { type: 'data_source_id', data_source_id: source.id }, properties: { ...toProperties(properties, source.properties), ...own } };
}
