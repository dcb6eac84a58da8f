import type { ConnectorManifest } from '../types.ts';
import { deleteMessageSpec } from './actions/delete-message/spec.ts';
import { findUserSpec } from './actions/find-user/spec.ts';
import { listChannelsSpec } from './actions/list-channels/spec.ts';
import { readMessagesSpec } from './actions/read-messages/spec.ts';
import { sendMessageSpec } from './actions/send-message/spec.ts';
import { updateMessageSpec } from './actions/update-message/spec.ts';
import { uploadFileSpec } from './actions/upload-file/spec.ts';

export const slackManifest = {
  id: 'slack',
  title: 'Slack',
  help: 'Posts, changes and reads messages, shares files and finds people and channels, as a bot of your workspace.',
  version: '1.0.0',
  docsUrl: 'https://api.slack.com/apps',
  actions: {
    'send-message': sendMessageSpec,
    'update-message': updateMessageSpec,
    'delete-message': deleteMessageSpec,
    'read-messages': readMessagesSpec,
    'list-channels': listChannelsSpec,
    'find-user': findUserSpec,
    'upload-file': uploadFileSpec,
  },
  resources: { channels: 'Public channels of the workspace.' },
} as const satisfies ConnectorManifest;
