/** The quiet line of a list that lives: how much is new. It lies over the end of the line above the list, on a phone over its foot, so that nothing moves for it. */
import clsx from 'clsx';
import { ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { plural } from '../ui/format.ts';

export interface NewRowsProps {
  /** What is new, as `[2, 'run']`; those of none are left out. */
  news: readonly (readonly [count: number, one: string])[];
  /** There may be more than were counted. */
  isMore?: boolean;
  onShow: () => void;
  /** On a phone something else stands at the foot. */
  giveWay?: boolean;
  /** Within the top bar instead of over the line above. */
  inBar?: boolean;
}

/** In words: `2 new runs, 1 new question`. */
function newsWords(news: NewRowsProps['news'], isMore: boolean): string {
  const parts = news.filter(([count]) => count > 0).map(([count, one]) => plural(count, `new ${one}`));
  return isMore ? `${parts.join(', ')} or more` : parts.join(', ');
}

/** After it is pressed the focus goes to the first row of the list, which carries `data-steady`. */
export function NewRows({ news, isMore = false, onShow, giveWay = false, inBar = false }: NewRowsProps) {
  const words = newsWords(news, isMore);
  const shown = useRef(false);
  useEffect(() => {
    if (words !== '' || !shown.current) return;
    shown.current = false;
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>('[data-steady] a')?.focus({ preventScroll: true });
  }, [words]);
  return (
    <div className={clsx('z-20', inBar ? 'contents' : 'relative h-0 shrink-0')}>
      {/* Told once, not with each row that comes. */}
      <span role="status" className="sr-only">
        {words === '' ? '' : 'There is something new in the list'}
      </span>
      {words !== '' && (
        <div
          className={clsx(
            'flex items-center bg-paper max-wide:fixed max-wide:bottom-[68px] max-wide:left-1/2 max-wide:z-20 max-wide:-translate-x-1/2 max-wide:rounded-round',
            inBar ? 'wide:-mr-8' : 'wide:absolute wide:right-16 wide:bottom-[2px] wide:h-[36px] wide:pl-16',
            giveWay && 'max-wide:hidden',
          )}
        >
          <button
            type="button"
            aria-label={`Show ${words}`}
            className="inline-flex h-control items-center gap-4 rounded-control px-8 font-medium whitespace-nowrap text-link ease-state hover:bg-hover max-wide:h-[36px] max-wide:rounded-round max-wide:border max-wide:border-line max-wide:px-16 max-wide:shadow-float"
            onClick={() => {
              shown.current = true;
              onShow();
            }}
          >
            <ArrowUp size={14} aria-hidden />
            {words}
          </button>
        </div>
      )}
    </div>
  );
}
