/** Whether a workflow takes starts, in words; neutral, because colour belongs to runs. */
const words: Record<string, string> = { draft: 'Draft', active: 'Active', paused: 'Paused', archived: 'Archived' };

export function WorkflowStatus({ status, version }: { status: string; version: number | null }) {
  return (
    <span className="whitespace-nowrap">
      {words[status] ?? status}
      {version !== null && <span className="tabular text-muted"> v{version}</span>}
    </span>
  );
}
