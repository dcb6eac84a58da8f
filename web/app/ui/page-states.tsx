/** What a page shows when it has nothing, not yet, not all, or no right to show: each with the next step. */
import { CircleAlert, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useRevalidator } from 'react-router';
import { Button, buttonClass } from './button.tsx';
import { CopyButton } from './copy.tsx';

/** Nothing yet: one sentence, one small picture, one action, one link. */
export function Empty({
  title,
  children,
  picture,
  action,
  link,
}: {
  title: string;
  children?: ReactNode;
  picture?: ReactNode;
  action?: ReactNode;
  link?: ReactNode;
}) {
  return (
    <section className="flex max-w-[520px] flex-col items-start gap-12 px-16 py-32 wide:px-24">
      {picture}
      <h2 className="text-15 font-semibold">{title}</h2>
      {children && <p className="text-muted">{children}</p>}
      {(action || link) && (
        <div className="flex flex-wrap items-center gap-16">
          {action}
          {link}
        </div>
      )}
    </section>
  );
}

export interface FaultProps {
  /** What did not work, as a heading. */
  title: string;
  /** Why, in a sentence. */
  why: string;
  /** What to do. */
  remedy?: ReactNode;
  code?: string | undefined;
  requestId?: string | undefined;
  /** `reload`: the document itself, where its scripts are what is missing. */
  retry?: boolean | 'reload';
}

/** What, why, what to do, and a code to hand on. */
export function Fault({ title, why, remedy, code, requestId, retry }: FaultProps) {
  const revalidator = useRevalidator();
  const { pathname } = useLocation();
  const reference = [code, requestId].filter(Boolean).join(' · ');
  return (
    <section role="alert" className="flex max-w-[560px] flex-col items-start gap-12 px-16 py-32 wide:px-24">
      <h1 className="flex items-center gap-8 text-15 font-semibold">
        <CircleAlert size={16} aria-hidden className="text-failed-text" />
        {title}
      </h1>
      <p>{why}</p>
      {remedy && <p className="text-muted">{remedy}</p>}
      <div className="flex flex-wrap items-center gap-12">
        {retry && (
          <Button
            kind="main"
            onClick={() => (retry === 'reload' ? window.location.reload() : void revalidator.revalidate())}
            why={revalidator.state === 'loading' ? 'Trying again now' : null}
          >
            {retry === 'reload' ? 'Load the page again' : 'Try again'}
          </Button>
        )}
        {pathname !== '/' && (
          <Link to="/" className={buttonClass('plain')}>
            Go home
          </Link>
        )}
        {reference && (
          <span className="flex items-center gap-4 font-mono text-12 text-muted">
            {reference}
            <CopyButton text={reference} label="Copy the code" />
          </span>
        )}
      </div>
    </section>
  );
}

/** The visitor may not see this: says who can change that. */
export function NoPermission({ what, need }: { what: string; need?: string | undefined }) {
  return (
    <section className="flex max-w-[520px] flex-col items-start gap-12 px-16 py-32 wide:px-24">
      <h1 className="flex items-center gap-8 text-15 font-semibold">
        <Lock size={16} aria-hidden className="text-muted" />
        You cannot see {what}
      </h1>
      <p className="text-muted">
        Your role in this team does not include it. An owner or admin of the team can give you a role that does{need ? ' ' : '.'}
        {need && <span className="font-mono text-12">({need})</span>}
      </p>
      <Link to="/settings/members" className={buttonClass('plain')}>
        See who is in the team
      </Link>
    </section>
  );
}

/** Part of the page came: says what is missing above what is there. */
export function Partial({ children }: { children: ReactNode }) {
  const revalidator = useRevalidator();
  return (
    <p role="status" className="flex flex-wrap items-center gap-12 border-b border-line bg-waiting-soft px-16 py-8 wide:px-24">
      <span>{children}</span>
      <Button onClick={() => void revalidator.revalidate()}>Try again</Button>
    </p>
  );
}

/** Grey bars in the layout of what comes, after a blink. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div className="after-blink" aria-hidden>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-row items-center gap-24 border-b border-line px-16 wide:px-24">
          <span className="skeleton h-12 w-[40%]" />
          <span className="skeleton h-12 w-[20%]" />
          <span className="skeleton ml-auto h-12 w-[10%]" />
        </div>
      ))}
    </div>
  );
}
