/** The document: theme from the cookie, fonts, nonce; and the last resort when nothing else could be shown. */
import './ui/no-jit.ts';
import { CSPProvider } from '@base-ui/react/csp-provider';
import monoFont from '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2?url';
import textFont from '@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2?url';
import { type ReactNode, useEffect, useState } from 'react';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from 'react-router';
import type { Route } from './+types/root.ts';
import { nonceContext } from './api/context.ts';
import { prefsOf, remember } from './api/prefs.ts';
import { ErrorPage } from './shell/error-page.tsx';
import { StripPatterns } from './ui/run-strip.tsx';
import { ZoneProvider } from './ui/zone.ts';
import icon from './ui/icon.svg?url';
import './ui/app.css';

export const links: Route.LinksFunction = () => [
  { rel: 'preload', href: textFont, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'preload', href: monoFont, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'icon', href: icon, type: 'image/svg+xml' },
];

export const meta: Route.MetaFunction = () => [{ title: 'Workflow Hub' }];

export function loader({ request, context }: Route.LoaderArgs) {
  return { prefs: prefsOf(request.headers.get('cookie') ?? ''), nonce: context.get(nonceContext) };
}

/** The prefs and the first nonce never change while the document lives. */
export const shouldRevalidate = (): boolean => false;

export function Layout({ children }: { children: ReactNode }) {
  const root = useRouteLoaderData<typeof loader>('root');
  const theme = root?.prefs.theme;
  const drawer = root?.prefs.drawerWidth ?? null;
  // Browsers hide a nonce from scripts after parsing; React must not "correct" it at hydration.
  const nonce = typeof document === 'undefined' ? (root?.nonce ?? '') : '';
  return (
    <html lang="en" {...(theme && theme !== 'system' ? { 'data-theme': theme } : {})} suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
        {drawer !== null && <style nonce={nonce} suppressHydrationWarning>{`:root { --drawer: ${drawer}px; }`}</style>}
      </head>
      <body>
        <StripPatterns />
        <CSPProvider nonce={root?.nonce ?? ''}>{children}</CSPProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App({ loaderData }: Route.ComponentProps) {
  // Awake: what is pressed from here on is heard.
  useEffect(() => {
    document.documentElement.dataset['ready'] = 'yes';
  }, []);
  const [zone, setZone] = useState(loaderData.prefs.zone ?? 'UTC');
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === zone) return;
    // The next page comes from the server in the right zone at once.
    remember('hub-zone', own);
    setZone(own);
  }, [zone]);
  return (
    <ZoneProvider value={zone}>
      <Outlet />
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
