/** The next times of a trigger, in the zone of whoever looks. */
import { useZone } from '../ui/zone.ts';
import { formatFire } from './words.ts';

export function NextTimes({ at, label = 'Next' }: { at: readonly string[]; label?: string }) {
  const zone = useZone();
  if (at.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-x-12 gap-y-4 text-12">
      <span className="text-muted">
        {label} <span className="sr-only">in {zone}</span>
      </span>
      <ol className="contents">
        {at.map((each, place) => (
          <li key={each} className={place === 0 ? 'tabular font-medium' : 'tabular text-muted'}>
            <time dateTime={each} title={zone}>
              {formatFire(each, zone)}
            </time>
          </li>
        ))}
      </ol>
    </div>
  );
}
