import type { RunsOf } from '../types.ts';
import { runAppendBlocks } from './actions/append-blocks/run.ts';
import { runCreatePage } from './actions/create-page/run.ts';
import { runGetPage } from './actions/get-page/run.ts';
import { runQueryDataSource } from './actions/query-data-source/run.ts';
import { runSearch } from './actions/search/run.ts';
import { runTrashPage } from './actions/trash-page/run.ts';
import { runUpdatePage } from './actions/update-page/run.ts';
import type { notionManifest } from './manifest.ts';

export { notionServices as services } from './services.ts';
export const actions: RunsOf<typeof notionManifest> = {
  'query-data-source': runQueryDataSource,
  'get-page': runGetPage,
  'create-page': runCreatePage,
  'update-page': runUpdatePage,
  'trash-page': runTrashPage,
  'append-blocks': runAppendBlocks,
  search: runSearch,
};
