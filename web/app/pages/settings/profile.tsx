/** Who I am: name, password, teams. And the name of the team, for its owner. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { data, useFetcher } from 'react-router';
import type { Route } from './+types/profile.ts';
import { act, text } from '../../api/hub.server.ts';
import { faultOf, isProblem, type Problem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { useInBrowser } from '../../ui/in-browser.ts';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { roleWord } from './role-words.ts';

export const meta: Route.MetaFunction = () => [{ title: 'Profile' }];

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client, cookies }, form) => {
    const intent = text(form, 'intent');
    if (intent === 'team') {
      await client.updateTeam({ body: { name: text(form, 'name') } });
      return { done: 'Team renamed' };
    }
    if (intent === 'password') {
      await client.changePassword({ body: { current: text(form, 'current'), password: text(form, 'password') } });
      const headers = new Headers();
      // The session of this browser is a new one now; the others have ended.
      for (const cookie of cookies) headers.append('set-cookie', cookie);
      return data({ done: 'Password changed', more: 'You are signed out everywhere else.' }, { headers });
    }
    await client.updateMe({ body: { name: text(form, 'name'), timeZone: text(form, 'timeZone') || null } });
    return { done: 'Profile saved' };
  });
}

/** A form of this page that tells what came of it. */
function useSaving() {
  const fetcher = useFetcher<{ done?: string; more?: string; problem?: Problem }>();
  const form = useRef<HTMLFormElement>(null);
  useAnswer(fetcher, ({ done, more }) => {
    if (done) showToast({ text: done, ...(more ? { more } : {}) });
  });
  const problem = isProblem(fetcher.data?.problem) ? fetcher.data.problem : null;
  return { fetcher, form, problem, busy: fetcher.state !== 'idle', done: fetcher.state === 'idle' && Boolean(fetcher.data?.done) };
}

function General({ problem, fields }: { problem: Problem | null; fields: string[] }) {
  if (!problem || fields.some((field) => faultOf(problem, field))) return null;
  return (
    <p role="alert" className="text-failed-text">
      {problem.detail}
    </p>
  );
}

const zoneOptions = (browser: string) => [
  { value: '', label: `As the browser (${browser.replaceAll('_', ' ')})` },
  ...['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
  })),
];

/** The zone that pages tell times in. */
function ZoneField({ problem }: { problem: Problem | null }) {
  const { me } = useMe();
  const [zone, setZone] = useState(me.user?.timeZone ?? '');
  const inBrowser = useInBrowser();
  const browser = inBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
  const options = useMemo(() => zoneOptions(browser), [browser]);
  return (
    <Field label="Time zone" error={faultOf(problem, 'timeZone')} help="Times on pages are told in it; hover one for the exact instant.">
      <input type="hidden" name="timeZone" value={zone} />
      <Combobox options={options} value={zone} onChange={setZone} />
    </Field>
  );
}

function You() {
  const { me } = useMe();
  const { fetcher, problem, busy } = useSaving();
  return (
    <fetcher.Form method="post" className="flex flex-col gap-12">
      <h2 className="text-15 font-semibold">You</h2>
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <input type="hidden" name="intent" value="name" />
      <Field label="Name" error={faultOf(problem, 'name')} help="As others in your teams see it.">
        <Input name="name" defaultValue={me.user?.name} required maxLength={100} autoComplete="name" />
      </Field>
      <Field label="E-mail" help="You sign in with it.">
        <Input value={me.user?.email ?? ''} readOnly disabled />
      </Field>
      <ZoneField problem={problem} />
      <General problem={problem} fields={['name', 'timeZone']} />
      <p>
        <Button type="submit" why={busy ? 'Saving' : null}>
          Save the profile
        </Button>
      </p>
    </fetcher.Form>
  );
}

function Password() {
  const { me } = useMe();
  const { fetcher, form, problem, busy, done } = useSaving();
  useEffect(() => {
    if (done) form.current?.reset();
  }, [done, form]);
  return (
    <fetcher.Form ref={form} method="post" className="flex flex-col gap-12">
      <h2 className="text-15 font-semibold">Password</h2>
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <input type="hidden" name="intent" value="password" />
      {/* Tells password managers whose it is. */}
      <input type="text" name="username" value={me.user?.email ?? ''} autoComplete="username" readOnly hidden />
      <Field label="Current password" error={faultOf(problem, 'current')}>
        <Input name="current" type="password" required maxLength={128} autoComplete="current-password" />
      </Field>
      <Field label="New password" error={faultOf(problem, 'password')} help="At least 10 characters. You are signed out everywhere else.">
        <Input name="password" type="password" required minLength={10} maxLength={128} autoComplete="new-password" />
      </Field>
      <General problem={problem} fields={['current', 'password']} />
      <p>
        <Button type="submit" why={busy ? 'Changing' : null}>
          Change the password
        </Button>
      </p>
    </fetcher.Form>
  );
}

function Team() {
  const { me, may } = useMe();
  const { fetcher, problem, busy } = useSaving();
  if (!me.team) return null;
  return (
    <fetcher.Form method="post" className="flex flex-col gap-12">
      <h2 className="text-15 font-semibold">Team</h2>
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <input type="hidden" name="intent" value="team" />
      <Field
        label="Name of the team"
        error={faultOf(problem, 'name')}
        help={`You are ${me.role ? roleWord(me.role).toLowerCase() : 'a member'} here.`}
      >
        <Input name="name" defaultValue={me.team.name} key={me.team.id} required maxLength={100} disabled={!may('team.write')} />
      </Field>
      <General problem={problem} fields={['name']} />
      <p>
        <Button type="submit" why={may('team.write') ? (busy ? 'Saving' : null) : 'Only an owner renames the team'}>
          Rename the team
        </Button>
      </p>
    </fetcher.Form>
  );
}

export default function Profile() {
  return (
    <div className="grid max-w-[960px] gap-x-48 gap-y-32 px-16 py-24 wide:grid-cols-2 wide:px-24">
      <You />
      <Password />
      <Team />
    </div>
  );
}
