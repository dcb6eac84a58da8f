/** Members and invitations. */
import { useState } from 'react';
import { useFetcher } from 'react-router';
import type { Route } from './+types/members.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { faultOf, isProblem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/confirm-by-name.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { roleWord, roleWords } from './role-words.ts';
import { SettingsHead } from './settings-head.tsx';

const roles = ['viewer', 'runner', 'editor', 'admin'] as const;
const allRoles = [...roles, 'owner'] as const;
const given = roleWords.filter(({ value }) => value !== 'owner').toReversed();

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const [members, invitations] = await Promise.all([client.listMembers({ query: { limit: 200 } }), tryRead(client.listInvitations())]);
    return { members: members.items, invitations: invitations.value?.items ?? [] };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const intent = text(form, 'intent');
    const params = { id: text(form, 'id') };
    if (intent === 'invite') {
      await client.createInvitation({ body: { email: text(form, 'email'), role: roles.find((role) => role === text(form, 'role')) ?? 'viewer' } });
      return { done: `Invitation sent to ${text(form, 'email')}`, closed: true };
    }
    if (intent === 'withdraw') {
      await client.deleteInvitation({ params });
      return { done: 'Invitation withdrawn' };
    }
    if (intent === 'remove') {
      await client.removeMember({ params });
      return { done: 'Member removed' };
    }
    await client.updateMember({ params, body: { role: allRoles.find((role) => role === text(form, 'role')) ?? 'viewer' } });
    const before = text(form, 'before');
    return { done: 'Role changed', ...(before ? { undo: { intent: 'role', id: params.id, role: before } } : {}) };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Members' }];

function Invite({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  useAnswer(fetcher, (told) => {
    if (!('closed' in told)) return;
    showToast({ text: told.done });
    onClose();
  });
  return (
    <Sheet open={open} onClose={onClose} title="Invite a person">
      <fetcher.Form method="post" className="flex flex-col gap-16">
        <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
        <input type="hidden" name="intent" value="invite" />
        <Field label="E-mail" help="They must sign in with this address to accept." error={faultOf(problem, 'email')}>
          <Input name="email" type="email" required autoFocus />
        </Field>
        <Field label="Role">
          <Select name="role" defaultValue="editor" options={given} />
        </Field>
        {problem && !faultOf(problem, 'email') && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        <p>
          <Button kind="main" type="submit" why={fetcher.state !== 'idle' ? 'Sending' : null}>
            Send the invitation
          </Button>
        </p>
      </fetcher.Form>
    </Sheet>
  );
}

export default function Members({ loaderData }: Route.ComponentProps) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<{ id: string; email: string } | null>(null);
  const send = (fields: Record<string, string>): void => void fetcher.submit({ ...fields, _csrf: me.csrfToken ?? '' }, { method: 'post' });
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) showToast({ text: 'This did not work', more: isProblem(answer.problem) ? answer.problem.detail : '', tone: 'failed' });
    else {
      const undo = 'undo' in answer ? answer.undo : undefined;
      showToast({ text: answer.done, ...(undo ? { undo: () => send(undo) } : {}) });
    }
  });
  const write = may('member.write');
  return (
    <>
      <SettingsHead title="Members" about="Who works in this team, and as what.">
        <Button kind="main" onClick={() => setInviting(true)} why={write ? null : 'Only an admin invites people'}>
          Invite a person
        </Button>
      </SettingsHead>
      <Table
        label="Members"
        rows={loaderData.members}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            head: 'Name',
            cell: (member) => (
              <span className="font-medium">
                {member.name}
                {member.userId === me.user?.id && <span className="font-normal text-muted"> you</span>}
              </span>
            ),
          },
          {
            key: 'email',
            head: 'E-mail',
            phone: 'meta',
            cell: (member) => (
              <span className="truncate text-muted">
                {member.email}
                {!write && <span className="wide:hidden">, {roleWord(member.role).toLowerCase()}</span>}
              </span>
            ),
          },
          {
            key: 'role',
            head: 'Role',
            phone: write ? 'below' : 'hidden',
            cell: (member) =>
              write && member.userId !== me.user?.id ? (
                <Select
                  key={member.role}
                  label={`Role of ${member.name}`}
                  value={member.role}
                  onChange={(role) => send({ intent: 'role', id: member.id, role, before: member.role })}
                  options={roleWords}
                  className="!w-[120px]"
                />
              ) : (
                roleWord(member.role)
              ),
          },
          { key: 'since', head: 'Since', figure: true, cell: (member) => <Ago at={member.createdAt} /> },
        ]}
        actions={(member) =>
          write && member.userId !== me.user?.id ? (
            <Button kind="quiet" aria-label={`Remove ${member.name}`} onClick={() => setRemoving({ id: member.id, email: member.email })}>
              Remove
            </Button>
          ) : null
        }
      />
      {loaderData.invitations.length > 0 && (
        <>
          <h2 className="px-16 pt-32 pb-12 text-15 font-semibold wide:px-24">Invitations</h2>
          <Table
            label="Invitations"
            rows={loaderData.invitations}
            rowKey={({ id }) => id}
            columns={[
              { key: 'email', head: 'E-mail', cell: ({ email }) => email },
              { key: 'role', head: 'Role', phone: 'meta', cell: ({ role }) => roleWord(role) },
              { key: 'until', head: 'Ends', figure: true, cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
            ]}
            actions={({ id, email }) => (
              <Button kind="quiet" aria-label={`Withdraw the invitation of ${email}`} onClick={() => send({ intent: 'withdraw', id })}>
                Withdraw
              </Button>
            )}
          />
        </>
      )}
      <Invite open={inviting} onClose={() => setInviting(false)} />
      <ConfirmByName
        what="member"
        verb="Remove"
        name={removing?.email ?? null}
        loss="They lose access with their next request. What they made stays."
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) send({ intent: 'remove', id: removing.id });
          setRemoving(null);
        }}
      />
    </>
  );
}
