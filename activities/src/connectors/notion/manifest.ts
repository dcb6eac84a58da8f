import type { ConnectorManifest } from '../types.ts';
import { appendBlocksSpec } from './actions/append-blocks/spec.ts';
import { createPageSpec } from './actions/create-page/spec.ts';
import { getPageSpec } from './actions/get-page/spec.ts';
import { queryDataSourceSpec } from './actions/query-data-source/spec.ts';
import { searchSpec } from './actions/search/spec.ts';
import { trashPageSpec } from './actions/trash-page/spec.ts';
import { updatePageSpec } from './actions/update-page/spec.ts';

export const notionManifest = {
  id: 'notion',
  title: 'Notion',
  help: 'Queries databases, reads pages as markdown, makes and changes pages, and adds markdown to them.',
  version: '1.0.0',
  docsUrl: 'https://www.notion.so/profile/integrations',
  actions: {
    'query-data-source': queryDataSourceSpec,
    'get-page': getPageSpec,
    'create-page': createPageSpec,
    'update-page': updatePageSpec,
    'trash-page': trashPageSpec,
    'append-blocks': appendBlocksSpec,
    search: searchSpec,
  },
  resources: {
    dataSources: 'Databases that are connected to the integration, the last edited first.',
    pages: 'Pages that are connected to the integration, the last edited first.',
  },
} as const satisfies ConnectorManifest;
