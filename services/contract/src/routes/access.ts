/** Sign-in, the caller, teams, members, invitations, API keys, audit log. */
import { z } from 'zod';
import { route } from '../route.ts';
import { id, idParams, listOf, pageQuery } from '../shapes/common.ts';
import * as shape from '../shapes/access.ts';
import { auditEntry, mail } from '../shapes/resources.ts';
import { exampleId, exampleTime, exampleToken } from './examples.ts';

const params = { id: exampleId };
const examplePerson = { id: exampleId, name: 'Ada', email: 'ada@example.com' };
const exampleTeam = { id: exampleId, name: 'Acme', slug: 'acme', plan: 'enterprise', role: 'owner', createdAt: exampleTime };
const exampleSession = { user: examplePerson, teamId: exampleId, csrfToken: 'q3Jd…' };
const exampleKey = { id: exampleId, name: 'ci', prefix: 'hub_Ab12', scopes: ['runner'], expiresAt: null, lastUsedAt: null, createdAt: exampleTime };
const exampleMember = { id: exampleId, userId: exampleId, name: 'Ada', email: 'ada@example.com', role: 'editor', createdAt: exampleTime };
const exampleInvitation = { id: exampleId, email: 'bo@example.com', role: 'editor', status: 'pending', expiresAt: exampleTime, createdAt: exampleTime };

export const authRoutes = {
  signUp: route({
    method: 'POST', path: '/api/v1/auth/sign-up', access: 'public', tag: 'Sign-in', summary: 'Create an account',
    help: 'Makes the person and a team of their own; the answer is the same for a known address. A mail with a confirmation link follows.', body: shape.signUp, rate: 'sign-up', status: 200, answer: shape.accepted,
    example: { body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }, answer: { ok: true, message: 'You can sign in now.' } },
  }),
  signIn: route({
    method: 'POST', path: '/api/v1/auth/sign-in', access: 'public', tag: 'Sign-in', summary: 'Sign in with e-mail and password',
    help: 'Sets the session cookie. Wrong address and wrong password answer alike.', body: shape.signIn, rate: 'sign-in', status: 200, answer: shape.session,
    example: { body: { email: 'ada@example.com', password: 'correct horse battery' }, answer: exampleSession },
  }),
  signOut: route({
    method: 'POST', path: '/api/v1/auth/sign-out', access: 'signed-in', tag: 'Sign-in', summary: 'Sign out', help: 'Ends this session and clears the cookie.', personOnly: true, status: 204, answer: null, example: {},
  }),
  requestReset: route({
    method: 'POST', path: '/api/v1/auth/request-reset', access: 'public', tag: 'Sign-in', summary: 'Ask for a password reset mail', help: 'The answer is the same whether or not the address is known.',
    body: shape.resetRequest, rate: 'reset', status: 200, answer: shape.accepted, example: { body: { email: 'ada@example.com' }, answer: { ok: true, message: 'If the address is known, a mail is on its way.' } },
  }),
  resetPassword: route({
    method: 'POST', path: '/api/v1/auth/reset', access: 'public', tag: 'Sign-in', summary: 'Set a new password with the token of the mail', help: 'A token works once, for one hour. All sessions of the person end.',
    body: shape.reset, rate: 'reset', status: 200, answer: shape.accepted, example: { body: { token: exampleToken, password: 'a new long password' }, answer: { ok: true, message: 'Password changed.' } },
  }),
  verifyEmail: route({
    method: 'GET', path: '/api/v1/auth/verify-email', access: 'public', tag: 'Sign-in', summary: 'Confirm an e-mail address', help: 'The link in the confirmation mail; leads back to the app.',
    query: z.strictObject({ token: z.string().min(20).max(2_000) }), status: 302, answer: null, answerType: 'bytes', example: { query: { token: exampleToken } },
  }),
  getMe: route({
    method: 'GET', path: '/api/v1/me', access: 'signed-in', tag: 'Sign-in', summary: 'Who am I', help: 'The person or key, the team it acts in, its permissions there.',
    status: 200, answer: shape.me, example: { answer: { kind: 'person', user: examplePerson, team: exampleTeam, teams: [exampleTeam], role: 'owner', unread: 0, temporalUiUrl: null, demo: false, permissions: ['workflow.read'], csrfToken: 'q3Jd…' } },
  }),
};

export const teamRoutes = {
  listTeams: route({
    method: 'GET', path: '/api/v1/teams', access: 'signed-in', tag: 'Teams', summary: 'List my teams', help: 'With my role in each.',
    status: 200, answer: listOf(shape.team), example: { answer: { items: [exampleTeam], nextCursor: null } },
  }),
  createTeam: route({
    method: 'POST', path: '/api/v1/teams', access: 'signed-in', tag: 'Teams', summary: 'Create a team', help: 'You become its owner and it becomes the active team of this session.',
    body: shape.teamCreate, personOnly: true, status: 201, answer: shape.team, example: { body: { name: 'Acme' }, answer: exampleTeam },
  }),
  updateTeam: route({
    method: 'PATCH', path: '/api/v1/team', access: 'team.write', tag: 'Teams', summary: 'Rename the team', help: 'The team of the key or the active one.',
    body: shape.teamCreate, status: 200, answer: shape.team, example: { body: { name: 'Acme Ltd' }, answer: exampleTeam },
  }),
  switchTeam: route({
    method: 'POST', path: '/api/v1/teams/:id/switch', access: 'signed-in', tag: 'Teams', summary: 'Make a team the active one', help: 'Of this session. The header `x-hub-team` chooses for one request. 404 for a team you are not in.',
    params: idParams, personOnly: true, status: 200, answer: shape.team, example: { params, answer: exampleTeam },
  }),
  listMembers: route({
    method: 'GET', path: '/api/v1/members', access: 'team.read', tag: 'Teams', summary: 'List members', help: 'Everybody in the team with their role.',
    query: pageQuery, status: 200, answer: listOf(shape.member), example: { answer: { items: [exampleMember], nextCursor: null } },
  }),
  updateMember: route({
    method: 'PATCH', path: '/api/v1/members/:id', access: 'member.write', tag: 'Teams', summary: 'Change a role', help: 'Nobody gives a role above their own; the last owner cannot step down (409).',
    params: idParams, body: shape.memberPatch, personOnly: true, status: 200, answer: shape.member, example: { params, body: { role: 'runner' }, answer: exampleMember },
  }),
  removeMember: route({
    method: 'DELETE', path: '/api/v1/members/:id', access: 'member.write', tag: 'Teams', summary: 'Remove a member', help: 'Takes effect with their next request.',
    params: idParams, personOnly: true, status: 204, answer: null, example: { params },
  }),
  listInvitations: route({
    method: 'GET', path: '/api/v1/invitations', access: 'member.write', tag: 'Teams', summary: 'List pending invitations', help: 'Of the team.',
    status: 200, answer: listOf(shape.invitation), example: { answer: { items: [exampleInvitation], nextCursor: null } },
  }),
  createInvitation: route({
    method: 'POST', path: '/api/v1/invitations', access: 'member.write', tag: 'Teams', summary: 'Invite a person', help: 'Sends a mail. The person must sign in with that address, confirmed, to accept.',
    body: shape.invitationCreate, personOnly: true, status: 201, answer: shape.invitation, example: { body: { email: 'bo@example.com', role: 'editor' }, answer: exampleInvitation },
  }),
  deleteInvitation: route({
    method: 'DELETE', path: '/api/v1/invitations/:id', access: 'member.write', tag: 'Teams', summary: 'Withdraw an invitation', help: 'The link in the mail stops working.',
    params: idParams, personOnly: true, status: 204, answer: null, example: { params },
  }),
  acceptInvitation: route({
    method: 'POST', path: '/api/v1/invitations/:id/accept', access: 'signed-in', tag: 'Teams', summary: 'Accept an invitation', help: 'Only for the invited, confirmed address; once.',
    params: idParams, personOnly: true, status: 200, answer: z.object({ teamId: id }), example: { params, answer: { teamId: exampleId } },
  }),
};

export const apiKeyRoutes = {
  listApiKeys: route({
    method: 'GET', path: '/api/v1/api-keys', access: 'api-key.read', tag: 'API keys', summary: 'List API keys', help: 'Names, prefixes and scopes; never the secret.',
    query: pageQuery, status: 200, answer: listOf(shape.apiKey), example: { answer: { items: [exampleKey], nextCursor: null } },
  }),
  createApiKey: route({
    method: 'POST', path: '/api/v1/api-keys', access: 'api-key.write', tag: 'API keys', summary: 'Create an API key', help: 'The answer shows the secret, this once; only its hash is stored. A key can do no more than its maker.',
    body: shape.apiKeyCreate, status: 201, answer: shape.apiKeyCreated, example: { body: { name: 'ci', scopes: ['runner'] }, answer: { ...exampleKey, key: 'hub_…' } },
  }),
  deleteApiKey: route({
    method: 'DELETE', path: '/api/v1/api-keys/:id', access: 'api-key.write', tag: 'API keys', summary: 'Revoke an API key', help: 'Takes effect at once.',
    params: idParams, status: 204, answer: null, example: { params },
  }),
};

export const auditRoutes = {
  listAuditEntries: route({
    method: 'GET', path: '/api/v1/audit-entries', access: 'audit.read', tag: 'Audit', summary: 'Read the audit log', help: 'Newest first: who did what, when, from where. Append-only.',
    query: pageQuery, status: 200, answer: listOf(auditEntry),
    example: { answer: { items: [{ id: exampleId, at: exampleTime, actor: 'person:…', action: 'workflow.publish', targetType: 'workflow', targetId: exampleId, ip: '127.0.0.1', details: {} }], nextCursor: null } },
  }),
  listMails: route({
    method: 'GET', path: '/api/v1/dev/mail', access: 'operator', tag: 'System', summary: 'Read mails that were not sent', help: 'Where SMTP_URL is unset, mails are kept here (the newest 200, until this process ends) for the person who runs the installation: HUB_OPERATOR_EMAIL, else the demo person. A mail can open an account, so no team role may read them.',
    personOnly: true, status: 200, answer: listOf(mail), example: { answer: { items: [{ id: exampleId, at: exampleTime, to: 'bo@example.com', subject: 'Invitation', text: '…' }], nextCursor: null } },
  }),
};
