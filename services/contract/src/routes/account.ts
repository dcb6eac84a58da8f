/** One's own account: name, password, sessions. And what the team spends of money and of its plan. */
import { route } from '../route.ts';
import * as shape from '../shapes/account.ts';
import { self } from '../shapes/access.ts';
import { idParams, listOf } from '../shapes/common.ts';
import { exampleId, exampleTime } from './examples.ts';

const limit = { used: 2, most: null };

export const accountRoutes = {
  updateMe: route({
    method: 'PATCH',
    path: '/api/v1/me',
    access: 'signed-in',
    tag: 'Account',
    summary: 'Change my name or time zone',
    help: 'The name as other members of my teams see it; the zone in which pages tell me times.',
    body: shape.profilePatch,
    personOnly: true,
    status: 200,
    answer: self,
    example: {
      body: { name: 'Ada Lovelace', timeZone: 'Europe/Berlin' },
      answer: { id: exampleId, name: 'Ada Lovelace', email: 'ada@example.com', timeZone: 'Europe/Berlin' },
    },
  }),
  changePassword: route({
    method: 'POST',
    path: '/api/v1/me/password',
    access: 'signed-in',
    tag: 'Account',
    summary: 'Change my password',
    help: 'Needs the current one (422 `auth.wrong-password`). All my other sessions end.',
    body: shape.passwordChange,
    personOnly: true,
    rate: 'sign-in',
    status: 204,
    answer: null,
    example: { body: { current: 'correct horse battery', password: 'a new long password' } },
  }),
  listSessions: route({
    method: 'GET',
    path: '/api/v1/sessions',
    access: 'signed-in',
    tag: 'Account',
    summary: 'List where I am signed in',
    help: 'Sessions that have not ended, the last used first; never their tokens.',
    personOnly: true,
    status: 200,
    answer: listOf(shape.openSession),
    example: {
      answer: {
        items: [
          {
            id: exampleId,
            current: true,
            createdAt: exampleTime,
            seenAt: exampleTime,
            expiresAt: exampleTime,
            ip: '127.0.0.1',
            userAgent: 'Mozilla/5.0',
          },
        ],
        nextCursor: null,
      },
    },
  }),
  endSession: route({
    method: 'DELETE',
    path: '/api/v1/sessions/:id',
    access: 'signed-in',
    tag: 'Account',
    summary: 'End one of my sessions',
    help: 'Takes effect with its next request. 404 for a session that is not mine.',
    params: idParams,
    personOnly: true,
    status: 204,
    answer: null,
    example: { params: { id: exampleId } },
  }),
  getTeamLimits: route({
    method: 'GET',
    path: '/api/v1/team/limits',
    access: 'team.read',
    tag: 'Teams',
    summary: 'Read what the plan allows',
    help: 'Each limit with what is used of it; null where the plan sets none.',
    status: 200,
    answer: shape.teamLimits,
    example: {
      answer: {
        plan: 'enterprise',
        activeWorkflows: limit,
        runsThisMonth: limit,
        runsAtOnce: { used: 1, most: 200 },
        members: limit,
        fileBytes: limit,
      },
    },
  }),
  getRetention: route({
    method: 'GET',
    path: '/api/v1/team/retention',
    access: 'team.read',
    tag: 'Teams',
    summary: 'Read how long runs are kept',
    help: 'Ended runs older than this are removed with their steps, events and values. Runs that are open and runs with a note never are.',
    status: 200,
    answer: shape.retention,
    example: { answer: { days: 90, chosen: 90, byPlan: 365 } },
  }),
  setRetention: route({
    method: 'PUT',
    path: '/api/v1/team/retention',
    access: 'team.write',
    tag: 'Teams',
    summary: 'Choose how long runs are kept',
    help: 'Days from the end of a run; null gives the choice back to the plan. What falls out of a shorter time is removed within the hour and cannot be brought back.',
    body: shape.retentionChange,
    status: 200,
    answer: shape.retention,
    example: { body: { days: 90 }, answer: { days: 90, chosen: 90, byPlan: 365 } },
  }),
  getSpend: route({
    method: 'GET',
    path: '/api/v1/spend',
    access: 'run.read',
    tag: 'Runs',
    summary: 'Read what runs cost',
    help: "Cost, runs and failed runs per day (UTC, by a run's start), the dearest workflows, and the span before to compare with. Test runs count: they cost too.",
    query: shape.spendQuery,
    status: 200,
    answer: shape.spend,
    example: {
      query: { days: 1 },
      answer: {
        days: [{ day: '2026-11-22', costUsd: 0.12, runs: 3, failed: 0 }],
        costUsd: 0.12,
        before: { costUsd: 0, runs: 0 },
        workflows: [{ workflowId: exampleId, workflowName: 'Shout', costUsd: 0.12, runs: 3 }],
      },
    },
  }),
};
