/** Actions of the audit log in words; one that this page does not know reads as its own words. Pure. */
const words: Record<string, string> = {
  'account.password': 'Changed their password',
  'api-key.create': 'Created an API key',
  'api-key.revoke': 'Revoked an API key',
  'credential.connect': 'Began to connect a service',
  'credential.connected': 'Connected a service',
  'credential.connect-failed': 'Could not connect a service',
  'credential.create': 'Stored a credential',
  'credential.update': 'Changed a credential',
  'credential.test': 'Tested a connection',
  'credential.revoke': 'Revoked a credential',
  'delivery.replay': 'Sent a delivery again',
  'file.upload': 'Uploaded a file',
  'file.delete': 'Deleted a file',
  'invitation.create': 'Invited a person',
  'invitation.withdraw': 'Withdrew an invitation',
  'member.update': 'Changed a role',
  'member.remove': 'Removed a member',
  'run.answer': 'Answered a question',
  'run.cancel': 'Cancelled a run',
  'run.note': 'Wrote a note',
  'run.pause': 'Paused a run',
  'run.resume': 'Resumed a run',
  'run.retry': 'Continued a run',
  'team.limits': 'Changed the limits',
  'team.rename': 'Renamed the team',
  'team.retention': 'Changed how long runs are kept',
  'trigger.backfill': 'Started runs for missed times',
  'trigger.pause': 'Paused a trigger',
  'trigger.resume': 'Resumed a trigger',
  'trigger.rotate-token': 'Made a new address',
  'variable.set': 'Set a variable',
  'variable.delete': 'Deleted a variable',
  'workflow.create': 'Created a workflow',
  'workflow.duplicate': 'Duplicated a workflow',
  'workflow.import': 'Imported a workflow',
  'workflow.export': 'Exported a workflow',
  'workflow.from-template': 'Made a workflow from a template',
  'workflow.update': 'Changed a draft',
  'workflow.pin': 'Pinned outputs',
  'workflow.permissions': 'Changed who may use a workflow',
  'workflow.publish': 'Published a version',
  'workflow.rollback': 'Published an older version',
  'workflow.clear-cache': 'Cleared kept outputs',
  'workflow.active': 'Activated a workflow',
  'workflow.paused': 'Paused a workflow',
  'workflow.archived': 'Archived a workflow',
  'workflow.unarchive': 'Took a workflow out of the archive',
  'workflow.delete': 'Deleted a workflow',
};

export function actionWords(action: string): string {
  const known = Object.hasOwn(words, action) ? words[action] : undefined;
  if (known) return known;
  const plain = action.replace(/[.\-_]/g, ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Subjects to filter by. */
export const subjects = [
  { value: 'workflow', label: 'Workflows' },
  { value: 'run', label: 'Runs' },
  { value: 'member', label: 'Members' },
  { value: 'invitation', label: 'Invitations' },
  { value: 'api-key', label: 'API keys' },
  { value: 'credential', label: 'Credentials' },
  { value: 'variable', label: 'Variables' },
  { value: 'file', label: 'Files' },
  { value: 'team', label: 'Team' },
  { value: 'account', label: 'Accounts' },
] as const;

const kinds: Record<string, string> = { 'api-key': 'API key', credential: 'connection', user: 'person' };

/** What kind of thing was changed, before its short id. */
export function kindWords(type: string | null): string {
  return type === null ? '' : (kinds[type] ?? type.replace(/[-_]/g, ' '));
}

/** Where the thing is that was changed; null where it has no page. */
export function targetPath(type: string | null, id: string | null): string | null {
  if (!id) return null;
  switch (type) {
    case 'workflow':
      return `/workflows/${id}`;
    case 'run':
      return `/runs/${id}`;
    case 'credential':
      return `/connections/${id}`;
    case 'api-key':
    case 'variable':
      return `/settings/${type}s`;
    case 'member':
    case 'invitation':
      return '/settings/members';
    default:
      return null;
  }
}
