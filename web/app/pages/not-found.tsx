/** Any address without a page. */
import { data } from 'react-router';
import { ErrorPage } from '../shell/error-page.tsx';
import { TopBar } from '../shell/top-bar.tsx';

export function loader(): never {
  throw data(null, { status: 404 });
}

export default function NotFound() {
  return null;
}

export function ErrorBoundary({ error }: { error: unknown }) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Not found' }]} />
      <ErrorPage error={error} />
    </>
  );
}
