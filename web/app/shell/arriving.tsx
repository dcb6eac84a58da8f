/** While another page is on its way for longer than a blink: its name and its outline over the page before, so that nobody wonders whether the click was felt. */
import { useLocation, useNavigation } from 'react-router';
import { useInBrowser } from '../ui/in-browser.ts';
import { SkeletonRows } from '../ui/page-states.tsx';
import { pageOf, placeName } from './places.ts';

/** Cards on a canvas. */
function SkeletonCanvas() {
  return (
    <div className="flex items-center gap-48 px-24 py-48 max-wide:flex-col">
      {[0, 1, 2].map((at) => (
        <span key={at} className="skeleton h-[64px] w-[232px]" />
      ))}
    </div>
  );
}

/** The outline; nothing while the page stays the same, as from one of its tabs to another: then only the line at the top. */
export function Arriving() {
  const navigation = useNavigation();
  // An address that the router does not know is looked up while the page wakes: it wakes as the server drew it.
  const awake = useInBrowser();
  const { pathname } = useLocation();
  const to = awake && navigation.state === 'loading' ? navigation.location.pathname : null;
  const elsewhere = to !== null && pageOf(to) !== pageOf(pathname);
  const label = elsewhere ? placeName(to) : '';
  return (
    <>
      <span role="status" className="sr-only">
        {elsewhere ? `${label || 'The page'} is loading` : ''}
      </span>
      {awake && navigation.state !== 'idle' && <div aria-hidden className="after-blink fixed inset-x-0 top-0 z-50 h-[2px] bg-running" />}
      {elsewhere && (
        <div aria-hidden className="after-blink absolute inset-0 z-30 bg-paper">
          <div className="sticky top-0 overflow-hidden">
            <div className="flex h-bar items-center border-b border-line px-16 font-semibold wide:px-24">{label}</div>
            {/\/edit$|^\/(runs|workflows)\/[^/]+$/.test(to) ? <SkeletonCanvas /> : <SkeletonRows />}
          </div>
        </div>
      )}
    </>
  );
}
