/** The frame of every signed-in page: rail (a bottom bar on a phone), keys, palette, toasts. */
import { Outlet } from 'react-router';
import type { Route } from './+types/shell.ts';
import { hubOf, thrown } from '../api/hub.server.ts';
import { ToastPlace } from '../ui/toast.tsx';
import { isZone, useZone, ZoneProvider } from '../ui/zone.ts';
import { Arriving } from './arriving.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { ErrorPage } from './error-page.tsx';
import { Overlays, useShellKeys } from './overlays.tsx';
import { Rail } from './rail.tsx';
import type { ShellData } from './use-me.ts';

export async function loader({ request, context }: Route.LoaderArgs): Promise<ShellData> {
  const { client } = hubOf({ request, context });
  try {
    const me = await client.getMe();
    return { me, unread: me.unread };
  } catch (error) {
    throw thrown(error, request);
  }
}

export default function Shell({ loaderData }: Route.ComponentProps) {
  useShellKeys();
  const browserZone = useZone();
  const own = loaderData.me.user?.timeZone ?? null;
  // A zone that only the server knows must not take the page with it.
  const zone = own !== null && isZone(own) ? own : browserZone;
  return (
    <ZoneProvider value={zone}>
      <div className="flex min-h-dvh">
        <a href="#page" className="sr-only focus:not-sr-only focus:fixed focus:top-8 focus:left-8 focus:z-50 focus:bg-paper focus:p-8">
          Go to the page
        </a>
        <Rail me={loaderData.me} unread={loaderData.unread} />
        <main id="page" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col outline-none max-wide:pb-[56px]">
          <Outlet />
          <Arriving />
        </main>
        <BottomBar unread={loaderData.unread} />
        <Overlays />
        <ToastPlace />
      </div>
    </ZoneProvider>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <main className="p-24">
      <ErrorPage error={error} />
    </main>
  );
}
