/** What became of a question, in a sentence. Pure. */
import { formatAgo } from '../../ui/format.ts';

interface Settled {
  status: string;
  answer: { decision: string; by: string | null; at: string } | null;
}

const statuses: Record<string, string> = {
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Nobody answered in time',
  cancelled: 'No longer asked: the run ended',
};

export function answeredWords({ status, answer }: Settled): string {
  const word = statuses[status] ?? 'Settled';
  return answer ? `${word} by ${answer.by ?? 'somebody with the link'}, ${formatAgo(Date.parse(answer.at), Date.now())}` : word;
}
