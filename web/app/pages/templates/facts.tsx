/** What a template takes: time, money, credentials. */
import { formatDuration, formatMoney } from '../../ui/format.ts';

export function Expected({ expected }: { expected: { seconds: number; costUsd: number; note: string } }) {
  return (
    <span className="tabular" title={expected.note}>
      about {formatDuration(expected.seconds * 1000).replace('.0 s', ' s')}, {formatMoney(expected.costUsd)} a run
    </span>
  );
}

export function Needs({ needs }: { needs: readonly string[] }) {
  return <span>{needs.length === 0 ? 'needs no credential' : `needs a credential: ${needs.join(', ')}`}</span>;
}
