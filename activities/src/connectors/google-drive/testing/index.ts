/** Door for tests of push outside this package: the stand-in for Drive with its channels, and the guarded client that is led to it. */
export { standInOutbound } from '../../testing/contract/outbound.ts';
export { createChannels } from './channels.ts';
export { startDrive } from './stand-in.ts';
export type { Items as DriveItems } from './stand-in.ts';
