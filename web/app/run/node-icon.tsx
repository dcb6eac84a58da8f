/** Node families differ by icon, not by colour. */
import {
  Bell,
  Braces,
  Database,
  Flag,
  Gauge,
  GitFork,
  Layers,
  ListTree,
  type LucideIcon,
  Merge,
  MessageSquareText,
  Reply,
  Repeat,
  Send,
  SquareFunction,
  Timer,
  UserCheck,
  Workflow,
} from 'lucide-react';

const icons: Record<string, LucideIcon> = {
  data_source: Database,
  action: Send,
  prompt: MessageSquareText,
  transform: SquareFunction,
  code: Braces,
  condition: GitFork,
  switch: ListTree,
  merge: Merge,
  loop: Repeat,
  subworkflow: Workflow,
  wait: Timer,
  approval: UserCheck,
  batch_prompt: Layers,
  evaluate: Gauge,
  notify: Bell,
  respond: Reply,
  output: Flag,
};

export function NodeIcon({ type, size = 16 }: { type: string; size?: number }) {
  const Icon = icons[type] ?? SquareFunction;
  return <Icon size={size} aria-hidden className="shrink-0" strokeWidth={1.75} />;
}
