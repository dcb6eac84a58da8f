import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { gatherBytes } from '../../../file/zip.ts';
import type { ActionRun } from '../../../types.ts';
import { allDrives, quoted, withDrive } from '../../client.ts';
import type { uploadFileSpec } from './spec.ts';

const mark = 'workflowHubEffect';
const fields = 'id,name,webViewLink';

/** Answers `{ id, name, url }`. A file with the mark of this effect is the one an earlier attempt made. */
export const runUploadFile: ActionRun<typeof uploadFileSpec> = async (context) => {
  const { params, files, team, idempotencyKey } = context;
  const { handle, stream } = await files.open(team, params.file.$file);
  const bytes = await gatherBytes(stream());
  const effect = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40);
  return withDrive(context, async (api) => {
    const before = await api.files.list({
      q: `appProperties has { key='${mark}' and value=${quoted(effect)} } and trashed = false`,
      fields: `files(${fields})`,
      pageSize: 1,
      ...allDrives,
    });
    const there = before.data.files?.[0];
    if (there !== undefined) return { output: { id: there.id ?? '', name: there.name ?? '', url: there.webViewLink ?? '' } };
    const { data } = await api.files.create({
      requestBody: {
        name: params.name ?? handle.name,
        ...(params.folder === undefined ? {} : { parents: [params.folder] }),
        appProperties: { [mark]: effect },
      },
      media: { mimeType: handle.mime, body: Readable.from([bytes]) },
      fields,
      supportsAllDrives: true,
    });
    return { output: { id: data.id ?? '', name: data.name ?? '', url: data.webViewLink ?? '' } };
  });
};
