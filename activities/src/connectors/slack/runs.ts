import type { RunsOf } from '../types.ts';
import { runDeleteMessage } from './actions/delete-message/run.ts';
import { runFindUser } from './actions/find-user/run.ts';
import { runListChannels } from './actions/list-channels/run.ts';
import { runReadMessages } from './actions/read-messages/run.ts';
import { runSendMessage } from './actions/send-message/run.ts';
import { runUpdateMessage } from './actions/update-message/run.ts';
import { runUploadFile } from './actions/upload-file/run.ts';
import type { slackManifest } from './manifest.ts';

export { slackServices as services } from './services.ts';
export const actions: RunsOf<typeof slackManifest> = {
  'send-message': runSendMessage,
  'update-message': runUpdateMessage,
  'delete-message': runDeleteMessage,
  'read-messages': runReadMessages,
  'list-channels': runListChannels,
  'find-user': runFindUser,
  'upload-file': runUploadFile,
};
