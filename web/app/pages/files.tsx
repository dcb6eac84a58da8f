/** Files of the team: upload straight to the API (streamed), download as attachment, delete. */
import { Trash2, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { useFetcher, useRevalidator, useSearchParams } from 'react-router';
import type { Route } from './+types/files.ts';
import { act, read, text } from '../api/hub.server.ts';
import { isProblem } from '../api/problem.ts';
import { ErrorPage } from '../shell/error-page.tsx';
import { useMe } from '../shell/use-me.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { Button, IconButton, LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { formatBytes, formatType } from '../ui/format.ts';
import { MiniRun } from '../ui/mini-run.tsx';
import { Empty } from '../ui/page-states.tsx';
import { Table } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import { showToast } from '../ui/toast.tsx';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor');
  return read({ request, context }, (client) => client.listFiles({ query: { limit: 50, ...(cursor ? { cursor } : {}) } }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    await client.deleteFile({ params: { id: text(form, 'id') } });
    return { deleted: true };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Files' }];

/** Uploads past React Router: the API takes the stream, the page's server must not buffer it. */
function useUpload(csrfToken: string) {
  const [busy, setBusy] = useState(false);
  const revalidator = useRevalidator();
  const upload = async (file: File): Promise<void> => {
    setBusy(true);
    try {
      const body = new FormData();
      body.set('file', file);
      const answer = await fetch('/api/v1/files', { method: 'POST', body, headers: { 'x-csrf-token': csrfToken } });
      const told: unknown = await answer.json().catch(() => null);
      if (answer.ok) showToast({ text: `${file.name} is uploaded` });
      else
        showToast({
          text: `${file.name} was not uploaded`,
          more: isProblem(told) ? told.detail : `The server answered ${answer.status}.`,
          tone: 'failed',
        });
      await revalidator.revalidate();
    } catch {
      showToast({ text: `${file.name} was not uploaded`, more: 'The connection broke. Try again.', tone: 'failed' });
    } finally {
      setBusy(false);
    }
  };
  return { upload, busy };
}

export default function Files({ loaderData }: Route.ComponentProps) {
  const { items, nextCursor } = loaderData;
  const { me, may } = useMe();
  const { upload, busy } = useUpload(me.csrfToken ?? '');
  const input = useRef<HTMLInputElement>(null);
  const fetcher = useFetcher();
  const [search] = useSearchParams();
  const [asked, setAsked] = useState<{ id: string; name: string } | null>(null);
  const button = (
    <>
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label="File to upload"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void upload(file);
        }}
      />
      <Button
        kind="main"
        onClick={() => input.current?.click()}
        why={may('file.write') ? (busy ? 'Uploading' : null) : 'Your role cannot upload files'}
      >
        <Upload size={14} aria-hidden />
        {busy ? 'Uploading' : 'Upload a file'}
      </Button>
    </>
  );
  return (
    <>
      <TopBar crumbs={[{ label: 'Files' }]}>{button}</TopBar>
      {items.length === 0 ? (
        <Empty title="No files yet" picture={<MiniRun ends={[undefined, 'queued', 'queued', 'queued', 'queued']} />}>
          CSV, JSON and other files up to 50 MB that workflows read. Upload one with the button above.
        </Empty>
      ) : (
        <Table
          label="Files"
          rows={items}
          rowKey={(file) => file.$file}
          columns={[
            {
              key: 'name',
              head: 'Name',
              className: 'wide:w-[44%] wide:max-w-0',
              cell: (file) => (
                <a href={`/api/v1/files/${file.$file}`} download className="focus-inset block truncate font-medium hover:underline">
                  {file.name}
                </a>
              ),
            },
            {
              key: 'mime',
              head: 'Type',
              cell: (file) => (
                <span className="text-muted" title={file.mime}>
                  {formatType(file.mime)}
                </span>
              ),
            },
            {
              key: 'bytes',
              head: 'Size',
              figure: true,
              phone: 'meta',
              cell: (file) => (
                <>
                  {formatBytes(file.bytes)}
                  <span className="wide:hidden">
                    , <Ago at={file.createdAt} />
                  </span>
                </>
              ),
            },
            { key: 'at', head: 'Uploaded', figure: true, cell: (file) => <Ago at={file.createdAt} /> },
          ]}
          actions={(file) => (
            <span className="inline-flex">
              <CopyButton text={file.$file} label={`Copy the id of ${file.name}`} />
              {may('file.write') && (
                <IconButton label={`Delete ${file.name}`} onClick={() => setAsked({ id: file.$file, name: file.name })}>
                  <Trash2 size={14} aria-hidden />
                </IconButton>
              )}
            </span>
          )}
        />
      )}
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && <LinkButton to="/files">Back to the newest</LinkButton>}
        {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show older files</LinkButton>}
      </div>
      <ConfirmByName
        what="file"
        name={asked?.name ?? null}
        loss="Runs that still read it will fail. This cannot be undone."
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked) void fetcher.submit({ id: asked.id, _csrf: me.csrfToken ?? '' }, { method: 'post' });
          setAsked(null);
        }}
      />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Files' }]} />
      <ErrorPage error={error} />
    </>
  );
}
