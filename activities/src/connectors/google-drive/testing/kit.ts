import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import { memoryFiles } from '../../testing/context.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startDrive } from './stand-in.ts';
import type { Items } from './stand-in.ts';

const worlds = new WeakMap<World, Items>();
const itemsOf = (world: World): Items => worlds.get(world) as Items;
const filesOf = (world: World): ReturnType<typeof memoryFiles> => world.files as ReturnType<typeof memoryFiles>;

async function world(): Promise<World> {
  const items: Items = new Map(
    Array.from({ length: 350 }, (_, at) => {
      const id = `file-${at + 1}`;
      const createdTime = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();
      return [
        id,
        {
          id,
          name: `report ${at + 1}.csv`,
          mimeType: 'text/csv',
          createdTime,
          parents: ['folder-1'],
          trashed: false,
          content: Buffer.from(`content ${at + 1}`),
          appProperties: {},
        },
      ];
    }),
  );
  const drive = await startDrive(items);
  const around = worldOf(drive, standInOutbound(drive), memoryFiles());
  worlds.set(around, items);
  return around;
}

const liveFolder = (at: Readonly<Record<string, string>>): { folder: string } => ({ folder: at['LIVE_GOOGLE_FOLDER'] ?? '' });
const uploaded = (made: Readonly<Record<string, Json>>): string => (made['upload-file'] as { id?: string } | undefined)?.id ?? '';
const live: LiveKit = {
  variables: { LIVE_GOOGLE_TOKEN: 'an access token with the scope of Drive', LIVE_GOOGLE_FOLDER: 'the id of a folder that may be written to' },
  credential: ({ LIVE_GOOGLE_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'google-oauth', values: { token }, allowedHosts: ['www.googleapis.com'] }) as LiveCredential,
  calls: [
    { action: 'upload-file', params: (at, _made, put) => ({ ...liveFolder(at), file: { $file: put('a,b\n1,2\n') }, name: 'workflow-hub.csv' }) },
    { action: 'list-files', params: (at) => ({ ...liveFolder(at), limit: 5 }) },
    { action: 'download-file', params: (_at, made) => ({ file: uploaded(made) }) },
    { action: 'delete-file', params: (_at, made) => ({ file: uploaded(made) }) },
    { action: 'create-folder', params: (at) => ({ ...liveFolder(at), name: 'Workflow hub' }) },
    { action: 'delete-file', params: (_at, made) => ({ file: (made['create-folder'] as { id?: string } | undefined)?.id ?? '' }) },
  ],
};

export const driveKit: ContractKit = {
  connector: 'google-drive',
  live,
  world,
  credential: { id: 'c', kind: 'google-service-account', values: { token: 'good-token' }, allowedHosts: ['www.googleapis.com'] } as LiveCredential,
  actions: {
    'list-files': {
      params: () => ({ folder: 'folder-1', name: 'report 35', createdAfter: '2026-01-01T05:00:00.000Z', limit: 10 }),
      check: (output) =>
        assert.deepEqual(
          (output as { files: { id: string }[] }).files.map(({ id }) => id),
          ['file-350'],
        ),
      paging: { params: () => ({ limit: 1_000 }), rows: 350, rowsOf: (output) => (output as { files: Json[] }).files },
    },
    'download-file': {
      params: () => ({ file: 'file-7' }),
      check: (output, at) => {
        const { file } = output as { file: { $file: string; name: string } };
        assert.deepEqual([file.name, filesOf(at).contents.get(file.$file)?.bytes.toString()], ['report 7.csv', 'content 7']);
      },
    },
    'upload-file': {
      params: (at) => ({ file: { $file: filesOf(at).put('a,b\n1,2\n') }, folder: 'folder-1', name: "Ada's.csv" }),
      check: (output, at) => {
        const { id } = output as { id: string };
        assert.deepEqual(
          [itemsOf(at).get(id)?.content.toString(), itemsOf(at).get(id)?.parents, itemsOf(at).size],
          ['a,b\n1,2\n', ['folder-1'], 351],
        );
      },
    },
    'create-folder': {
      params: () => ({ name: 'Invoices', folder: 'folder-1' }),
      check: (output, at) => assert.deepEqual([(output as { created: boolean }).created, itemsOf(at).get('file-351')?.parents], [true, ['folder-1']]),
    },
    'delete-file': {
      params: () => ({ file: 'file-3' }),
      check: (output, at) => assert.deepEqual([output, itemsOf(at).get('file-3')?.trashed], [{ deleted: true }, true]),
    },
  },
};
