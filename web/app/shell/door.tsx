/** The frame of the pages before sign-in: the mark, one narrow column, nothing else. */
import { Link, Outlet } from 'react-router';
import { Mark } from './mark.tsx';
import { ErrorPage } from './error-page.tsx';

export default function Door() {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[368px] flex-col gap-24 px-16 py-48 wide:pt-[16vh]">
      <Link to="/" className="flex items-center gap-8 self-start rounded-control font-semibold">
        <Mark />
        Workflow Hub
      </Link>
      <Outlet />
    </main>
  );
}

export function ErrorBoundary({ error }: { error: unknown }) {
  return (
    <main className="mx-auto max-w-[560px] py-48">
      <ErrorPage error={error} />
    </main>
  );
}
