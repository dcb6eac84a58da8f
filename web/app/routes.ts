/** The map of all URLs of the pages. `routes.test.ts` keeps a snapshot: a changed URL is a broken bookmark. */
import { index, layout, prefix, route, type RouteConfig } from '@react-router/dev/routes';

export default [
  layout('shell/door.tsx', [
    route('sign-in', 'pages/door/sign-in.tsx'),
    route('sign-up', 'pages/door/sign-up.tsx'),
    route('reset', 'pages/door/reset.tsx'),
    route('invitations/:invitationId', 'pages/door/invitation.tsx'),
    route('approvals/:approvalId', 'pages/approvals/question.tsx'),
    route('forms/:token', 'pages/forms/form.tsx'),
  ]),
  route('sign-out', 'pages/door/sign-out.ts'),
  layout('shell/shell.tsx', [
    index('pages/home.tsx'),
    route('inbox', 'pages/inbox.tsx'),
    route('approvals', 'pages/approvals/list.tsx'),
    route('templates', 'pages/templates/list.tsx'),
    route('templates/:templateId', 'pages/templates/template.tsx'),
    route('workflows', 'pages/workflows/list.tsx'),
    route('workflows/new', 'pages/workflows/new.tsx'),
    route('workflows/:workflowId/edit', 'pages/workflows/edit.tsx'),
    route('workflows/:workflowId', 'pages/workflows/workflow.tsx', [
      index('pages/workflows/graph.tsx'),
      route('versions', 'pages/workflows/versions.tsx'),
      route('versions/:version', 'pages/workflows/version.tsx'),
      route('runs', 'pages/workflows/runs.tsx'),
      route('start', 'pages/workflows/start.tsx'),
    ]),
    route('runs', 'pages/runs/list.tsx'),
    route('runs/:runId', 'pages/runs/run.tsx', [
      index('pages/runs/graph.tsx'),
      route('timeline', 'pages/runs/timeline.tsx'),
      route('events', 'pages/runs/events.tsx'),
      route('output', 'pages/runs/output.tsx'),
    ]),
    route('files', 'pages/files.tsx'),
    route('settings', 'pages/settings/settings.tsx', [
      index('pages/settings/profile.tsx'),
      route('appearance', 'pages/settings/appearance.tsx'),
      route('sessions', 'pages/settings/sessions.tsx'),
      route('limits', 'pages/settings/limits.tsx'),
      route('members', 'pages/settings/members.tsx'),
      route('api-keys', 'pages/settings/api-keys.tsx'),
      route('credentials', 'pages/settings/credentials.tsx'),
      route('variables', 'pages/settings/variables.tsx'),
      route('audit', 'pages/settings/audit.tsx'),
    ]),
    ...prefix('dev', [route('mail', 'pages/dev/mail.tsx'), route('ui', 'pages/dev/ui.tsx')]),
    route('palette', 'pages/palette.ts'),
    route('*', 'pages/not-found.tsx'),
  ]),
] satisfies RouteConfig;
