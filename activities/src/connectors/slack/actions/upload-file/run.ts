import { gatherBytes } from '../../../file/zip.ts';
import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { uploadFileSpec } from './spec.ts';

/** Answers `{ id, name }`. */
export const runUploadFile: ActionRun<typeof uploadFileSpec> = async (context) => {
  const { channel, file, comment } = context.params;
  const { handle, stream } = await context.files.open(context.team, file.$file);
  const bytes = await gatherBytes(stream());
  return withSlack(context, async (client) => {
    const { files } = await client.filesUploadV2({
      channel_id: channel,
      file: bytes,
      filename: handle.name,
      ...(comment === undefined ? {} : { initial_comment: comment }),
    });
    const uploaded = (files as { files?: { id?: string; title?: string }[] }[])[0]?.files?.[0];
    return { output: { id: uploaded?.id ?? '', name: uploaded?.title ?? handle.name } };
  });
};
