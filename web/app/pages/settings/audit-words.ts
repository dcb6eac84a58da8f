/** Actions of the audit log in words; one that this page does not know reads as its own words. Pure. */
const words: Record<string, string> = {
  'account.password': 'Changed their password',
  'api-key.create': 'Created an API key',
  'api-key.delete': 'Revoked an API key',
  'credential.create': 'Stored a credential',
  'credential.update': 'Changed a credential',
  'credential.delete': 'Deleted a credential',
  'file.upload': 'Uploaded a file',
  'file.delete': 'Deleted a file',
  'invitation.create': 'Invited a person',
  'invitation.withdraw': 'Withdrew an invitation',
  'member.update': 'Changed a role',
  'member.remove': 'Removed a member',
  'run.cancel': 'Cancelled a run',
  'team.rename': 'Renamed the team',
  'variable.set': 'Set a variable',
  'variable.delete': 'Deleted a variable',
  'workflow.create': 'Created a workflow',
  'workflow.update': 'Changed a draft',
  'workflow.publish': 'Published a version',
  'workflow.clear-cache': 'Cleared kept outputs',
  'workflow.rollback': 'Published an older version',
  'workflow.activate': 'Activated a workflow',
  'workflow.pause': 'Paused a workflow',
  'workflow.archive': 'Archived a workflow',
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
