/**
 * Who may do what, in one place a person can read. A verb is its own permission (05, rule 10): reading is not running is not cancelling.
 * The table route x role that the authorisation proof compares with stands in `services/api/authz-table.md`.
 */

/** Every permission with its one line of help. */
export const permissions = {
  'workflow.read': 'See workflows, their drafts, versions and triggers.',
  'workflow.write': 'Create workflows, change, delete and archive them.',
  'workflow.publish': 'Publish a draft, roll back, pause and activate.',
  'run.read': 'See runs, their steps, inputs and outputs, and follow them live.',
  'run.start': 'Start runs of published workflows.',
  'run.cancel': 'Cancel, pause and resume runs.',
  'run.signal': 'Send signals to runs and answer approvals that name nobody.',
  'file.read': 'List and download files.',
  'file.write': 'Upload and delete files.',
  'variable.read': 'See team variables.',
  'variable.write': 'Create, change and delete team variables.',
  'credential.read': 'See names and kinds of credentials; values can be read by nobody.',
  'credential.use': 'Name a credential in a workflow that is published.',
  'credential.write': 'Create, replace and revoke credentials.',
  'catalogue.read': 'See models, connectors, node kinds and error codes.',
  'notice.read': "See and acknowledge one's own notices.",
  'team.read': 'See the team and its members.',
  'member.write': 'Invite people, change roles, remove members.',
  'api-key.read': 'See API keys (never their secret).',
  'api-key.write': 'Create and revoke API keys.',
  'audit.read': 'Read the audit log.',
  'team.write': 'Rename the team, choose its runs at once and how long runs are kept.',
} as const;
export type Permission = keyof typeof permissions;

/** Access of a route that no team role decides: anyone; any signed-in person or key; the person who runs this installation; the launcher's token. */
export const openAccess = ['public', 'signed-in', 'operator', 'launcher'] as const;
export type OpenAccess = (typeof openAccess)[number];
export type Access = Permission | OpenAccess;

export const roles = ['owner', 'admin', 'editor', 'runner', 'viewer'] as const;
export type Role = (typeof roles)[number];

const viewer: Permission[] = [
  'workflow.read',
  'run.read',
  'file.read',
  'variable.read',
  'credential.read',
  'catalogue.read',
  'notice.read',
  'team.read',
];
const runner: Permission[] = [...viewer, 'run.start', 'run.cancel', 'run.signal', 'file.write'];
const editor: Permission[] = [...runner, 'workflow.write', 'workflow.publish', 'variable.write', 'credential.use'];
const admin: Permission[] = [...editor, 'credential.write', 'member.write', 'api-key.read', 'api-key.write', 'audit.read'];

/** What each role may do; a role holds all of the role below it. */
export const rolePermissions: Record<Role, ReadonlySet<Permission>> = {
  viewer: new Set(viewer),
  runner: new Set(runner),
  editor: new Set(editor),
  admin: new Set(admin),
  owner: new Set([...admin, 'team.write'] as Permission[]),
};

/**
 * What an API key's scopes allow. A scope is a role's name (all that role may do), a permission's name, or `*` (all an admin may do).
 * Unknown scopes allow nothing.
 */
export function scopePermissions(scopes: readonly string[]): Set<Permission> {
  const allowed = new Set<Permission>();
  for (const scope of scopes) {
    const role = scope === '*' ? 'admin' : roles.find((name) => name === scope);
    if (role) for (const permission of rolePermissions[role]) allowed.add(permission);
    else if (Object.hasOwn(permissions, scope)) allowed.add(scope as Permission);
  }
  return allowed;
}
