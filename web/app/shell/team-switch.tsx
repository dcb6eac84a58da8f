/** The team at hand; where somebody is in several, a list to switch. */
import type { Me } from '@hub/contract';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useSubmit } from 'react-router';
import { Menu } from '../ui/menu.tsx';

export function TeamSwitch({ me }: { me: Me }) {
  const submit = useSubmit();
  const name = me.team?.name ?? 'Workflow Hub';
  const only = (
    <span className="truncate font-semibold" title={name}>
      {name}
    </span>
  );
  if (me.teams.length < 2) return only;
  return (
    <Menu
      label={`Team: ${name}. Switch`}
      kind="quiet"
      className="min-w-0 flex-1 justify-between! px-8! text-ink!"
      entries={me.teams.map((team) => ({
        label: team.name,
        icon: team.id === me.team?.id ? <Check size={14} aria-label="Active team" /> : <span />,
        onChoose: () => {
          if (team.id !== me.team?.id) void submit({ _csrf: me.csrfToken ?? '', team: team.id }, { method: 'post', action: '/palette' });
        },
      }))}
    >
      {only}
      <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-muted" />
    </Menu>
  );
}
