import type { ActionRun } from '../../../types.ts';
import { withDrive } from '../../client.ts';
import type { downloadFileSpec } from './spec.ts';

type As = Parameters<ActionRun<typeof downloadFileSpec>>[0]['params']['as'];

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const exports: Record<Exclude<As, 'auto'>, { mime: string; ending: string }> = {
  pdf: { mime: 'application/pdf', ending: 'pdf' },
  docx: { mime: word, ending: 'docx' },
  xlsx: { mime: excel, ending: 'xlsx' },
  csv: { mime: 'text/csv', ending: 'csv' },
  text: { mime: 'text/plain', ending: 'txt' },
  html: { mime: 'text/html', ending: 'html' },
};
const usual: Record<string, Exclude<As, 'auto'>> = {
  'application/vnd.google-apps.document': 'docx',
  'application/vnd.google-apps.spreadsheet': 'xlsx',
};

/** Answers `{ file }`. */
export const runDownloadFile: ActionRun<typeof downloadFileSpec> = (context) =>
  withDrive(context, async (api) => {
    const { params, files, team, run } = context;
    const { data: meta } = await api.files.get({ fileId: params.file, fields: 'id,name,mimeType', supportsAllDrives: true });
    const name = (meta.name ?? 'file').replaceAll(/[\\/\p{Cc}]/gu, '-');
    const isGoogle = (meta.mimeType ?? '').startsWith('application/vnd.google-apps.');
    const made = exports[params.as === 'auto' ? (usual[meta.mimeType ?? ''] ?? 'pdf') : params.as];
    const { data } = isGoogle
      ? await api.files.export({ fileId: params.file, mimeType: made.mime }, { responseType: 'arraybuffer' })
      : await api.files.get({ fileId: params.file, alt: 'media', supportsAllDrives: true }, { responseType: 'arraybuffer' });
    async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
      yield new Uint8Array(data as unknown as ArrayBuffer);
    }
    const facts = isGoogle ? { name: `${name}.${made.ending}`, mime: made.mime } : { name, mime: meta.mimeType ?? 'application/octet-stream' };
    return { output: { file: { ...(await files.create(team, { ...facts, run }, bytes())) } } };
  });
