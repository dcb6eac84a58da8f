import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { pageOf } from '../../pages.ts';
import { idOf, updateContent } from '../../params.ts';
import { toProperties } from '../../properties.ts';
import type { Property } from '../../properties.ts';
import type { updatePageSpec } from './spec.ts';

/** Answers the page. */
export const runUpdatePage: ActionRun<typeof updatePageSpec> = (context) =>
  withNotion(context, updateContent, async (client) => {
    const id = idOf(context.params.page);
    const { properties: known = {} } = (await client.pages.retrieve({ page_id: id })) as { properties?: Record<string, unknown> };
    const properties = toProperties(context.params.properties, known as Record<string, Property>);
    return { output: pageOf(await client.pages.update({ page_id: id, properties: properties as never })) };
  });
