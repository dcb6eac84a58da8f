/** Frame of the settings: tabs that are pages. Those that the role does not include are not offered. */
import { Outlet } from 'react-router';
import { ErrorPage } from '../../shell/error-page.tsx';
import { useMe } from '../../shell/use-me.ts';
import { TopBar } from '../../shell/top-bar.tsx';
import { TabLinks } from '../../ui/tabs.tsx';

const tabs: { to: string; label: string; need?: string; end?: boolean }[] = [
  { to: '/settings', label: 'Profile', end: true },
  { to: '/settings/appearance', label: 'Appearance' },
  { to: '/settings/sessions', label: 'Sessions' },
  { to: '/settings/members', label: 'Members', need: 'team.read' },
  { to: '/settings/variables', label: 'Variables', need: 'variable.read' },
  { to: '/settings/api-keys', label: 'API keys', need: 'api-key.read' },
  { to: '/settings/limits', label: 'Limits', need: 'team.read' },
  { to: '/settings/retention', label: 'Retention', need: 'team.read' },
  { to: '/settings/audit', label: 'Audit log', need: 'audit.read' },
];

function Frame({ children }: { children: React.ReactNode }) {
  const { may } = useMe();
  return (
    <>
      <TopBar crumbs={[{ label: 'Settings' }]} />
      <TabLinks label="Settings" tabs={tabs.filter(({ need }) => !need || may(need))} />
      {children}
    </>
  );
}

export default function Settings() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

export function ErrorBoundary({ error }: { error: unknown }) {
  return (
    <Frame>
      <ErrorPage error={error} />
    </Frame>
  );
}
