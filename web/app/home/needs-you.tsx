/** What waits for this person: questions first, then notices of trouble, then runs that go on only when somebody acts. */
import clsx from 'clsx';
import { Link } from 'react-router';
import { errorWords } from '../run/error-words.ts';
import { RunTable } from '../run/run-table.tsx';
import type { ListedRun } from '../run/strips.server.ts';
import { LinkButton } from '../ui/button.tsx';
import { StateGlyph } from '../ui/state.tsx';
import { Ago } from '../ui/time.tsx';

export interface Need {
  id: string;
  title: string;
  body: string;
  /** null: in the inbox. */
  link: string | null;
  at: string;
  isQuestion: boolean;
  isFailure: boolean;
}

function Row({ need, isGone }: { need: Need; isGone: boolean }) {
  return (
    <li
      className={clsx('relative flex items-center gap-8 border-b border-line px-16 py-8 hover:bg-hover wide:px-24', isGone && 'text-muted')}
      title={isGone ? 'It was seen to' : undefined}
    >
      <StateGlyph state={need.isFailure ? 'failed' : 'waiting'} />
      <Link to={need.link ?? '/inbox'} className="focus-inset flex min-w-0 flex-1 flex-wrap gap-x-8 after:absolute after:inset-0">
        <span className="line-clamp-2 font-medium break-words">{need.title}</span>
        <span className="line-clamp-2 min-w-0 break-words text-muted">{errorWords(need.body)}</span>
      </Link>
      <Ago at={need.at} className="tabular mr-4 whitespace-nowrap text-muted" />
      {need.isFailure && need.link && (
        <LinkButton to={need.link} className="relative z-1">
          Look at it
        </LinkButton>
      )}
      {need.isQuestion && (
        <LinkButton to={need.link ?? '/approvals'} className="relative z-1">
          Answer
        </LinkButton>
      )}
    </li>
  );
}

/** `gone`: seen to since; they stay, quieter, until the page is taken anew. */
export function NeedsYou({ needs, gone, runs }: { needs: readonly Need[]; gone: ReadonlySet<string>; runs: readonly ListedRun[] }) {
  return (
    <>
      {needs.length > 0 && (
        <ul className="border-t border-line">
          {needs.map((need) => (
            <Row key={need.id} need={need} isGone={gone.has(need.id)} />
          ))}
        </ul>
      )}
      {runs.length > 0 && <RunTable runs={runs} withWorkflow headless />}
    </>
  );
}
