/** The run as an operator sees it in the Temporal Web UI: one markdown table of node states with a link to the hub's own page. */
import type { NodeStatus } from '@hub/dag/planner';

const glyphs: Record<NodeStatus, string> = {
  queued: '○',
  running: '◐',
  waiting: '⏸',
  completed: '●',
  failed: '✕',
  skipped: '┄',
  cancelled: '■',
};

export interface NodeLine {
  nodeId: string;
  label: string;
  status: NodeStatus;
}

/** Markdown, at most `limit` rows (the details travel with every metadata query). */
export function detailsOf(lines: NodeLine[], runUrl: string, limit = 100): string {
  const rows = lines.slice(0, limit).map((line) => `| ${glyphs[line.status]} ${line.status} | ${plain(line.label)} | \`${line.nodeId}\` |`);
  const more = lines.length > limit ? [`\n…and ${lines.length - limit} more steps on the run page.`] : [];
  return [`[Open this run in the hub](${runUrl})`, '', '| state | step | id |', '| --- | --- | --- |', ...rows, ...more].join('\n');
}

/** Labels are written by people: they must not break the table or smuggle in markup. */
function plain(label: string): string {
  return label.replace(/[|\r\n<>[\]`]/g, ' ').slice(0, 80);
}
