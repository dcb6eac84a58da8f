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

/** `me`: address of who reads it. */
export function answeredWords({ status, answer }: Settled, me: string | null, now = Date.now()): string {
  const word = statuses[status] ?? 'Settled';
  if (!answer) return word;
  const { by } = answer;
  const who = by === null || by === 'link' ? 'somebody with the link' : by === me ? 'you' : by;
  return `${word} by ${who}, ${formatAgo(Date.parse(answer.at), now)}`;
}
