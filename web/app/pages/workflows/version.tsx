/** A version against another, or against the draft: what changed, as a picture and by node. */
import type { VersionDiff } from '@hub/contract';
import { lazy, Suspense } from 'react';
import { useNavigate, useOutletContext, useSearchParams } from 'react-router';
import type { Route } from './+types/version.ts';
import { read } from '../../api/hub.server.ts';
import { markDiff } from '../../run/diff-graph.ts';
import { readDefinition } from '../../run/definition.ts';
import { layGraph } from '../../run/graph-layout.server.ts';
import { OutlineOf } from '../../run/graph-outline.tsx';
import { NodeIcon } from '../../run/node-icon.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { useInBrowser } from '../../ui/in-browser.ts';
import { Empty } from '../../ui/page-states.tsx';
import { Select } from '../../ui/select.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { useWorkflowAction, type WorkflowData } from './workflow.tsx';

const RunGraph = lazy(async () => ({ default: (await import('../../run/run-graph.tsx')).RunGraph }));
type Ref = number | 'draft';

const refOf = (text: string | null | undefined): Ref | null => {
  if (text === 'draft') return 'draft';
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : null;
};
const refWord = (ref: Ref | null): string => (ref === null ? 'nothing' : ref === 'draft' ? 'the draft' : `version ${ref}`);

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const after = refOf(params.version);
  const against = refOf(new URL(request.url).searchParams.get('against'));
  const id = params.workflowId;
  return read({ request, context }, async (client) => {
    const definition = async (ref: Ref | null): Promise<unknown> =>
      ref === null
        ? null
        : ref === 'draft'
          ? (await client.getWorkflow({ params: { id } })).definition
          : (await client.getVersion({ params: { id, version: ref } })).definition;
    const [diff, versions] = await Promise.all([
      client.diffVersion({ params: { id, version: String(after ?? 'draft') }, query: against === null ? {} : { against } }),
      client.listVersions({ params: { id }, query: { limit: 100 } }),
    ]);
    const [now, before] = await Promise.all([definition(diff.after), definition(diff.before)]);
    const graph = markDiff(readDefinition(before), readDefinition(now), diff);
    return {
      diff,
      versions: versions.items.map(({ version, note }) => ({ version, note })),
      graph: { nodes: graph.nodes, edges: graph.edges, boxes: layGraph(graph.view) },
    };
  });
}

const fieldWords: Record<string, string> = {
  label: 'Name',
  type: 'Kind',
  timeoutMs: 'Time limit',
  retry: 'Retries',
  onError: 'When it fails',
  disabled: 'Switched off',
  parent: 'Loop',
  join: 'Starts when',
};
function fieldWord(name: string): string {
  const own = fieldWords[name];
  if (own) return own;
  const plain = name
    .replace(/^config\./, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

interface Field {
  name: string;
  before?: unknown;
  after?: unknown;
}

const asText = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2));

function Changes({ fields }: { fields: readonly Field[] }) {
  return (
    <dl className="flex flex-col gap-12">
      {fields.map(({ name, before, after }) => (
        <div key={name} className="flex flex-col gap-4">
          <dt className="text-12 text-muted">{fieldWord(name)}</dt>
          <dd className="min-w-0">
            <DiffView label={fieldWord(name)} before={asText(before)} after={asText(after)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Part {
  key: string;
  title: string;
  type: string | null;
  words: string;
  fields: readonly Field[];
}

/** All that changed, in the order people ask: nodes, then connections, then the rest. */
function partsOf(diff: VersionDiff, labels: ReadonlyMap<string, string>): Part[] {
  const named = (id: string): string => labels.get(id) ?? id;
  const node =
    (words: string) =>
    (each: { id: string; type: string; label: string; fields?: Field[] }): Part => ({
      key: `${words} ${each.id}`,
      title: each.label,
      type: each.type,
      words,
      fields: each.fields ?? [],
    });
  const edges = [
    ...diff.edges.added.map((edge) => ({ ...edge, words: 'Connected' })),
    ...diff.edges.removed.map((edge) => ({ ...edge, words: 'Disconnected' })),
  ];
  const plain = (key: string, title: string, words: string, fields: readonly Field[] = []): Part => ({ key, title, type: null, words, fields });
  return [
    ...diff.nodes.added.map(node('Added')),
    ...diff.nodes.removed.map(node('Removed')),
    ...diff.nodes.changed.map(node('Changed')),
    ...edges.map(({ from, fromPort, to, words }) =>
      plain(`${words} ${from} ${fromPort} ${to}`, `${named(from)}${fromPort === 'out' ? '' : ` (${fromPort})`} to ${named(to)}`, words),
    ),
    ...diff.triggers.added.map((id) => plain(`t+${id}`, `Trigger ${id}`, 'Added')),
    ...diff.triggers.removed.map((id) => plain(`t-${id}`, `Trigger ${id}`, 'Removed')),
    ...diff.triggers.changed.map(({ id, fields }) => plain(`t~${id}`, `Trigger ${id}`, 'Changed', fields)),
    ...(diff.settings.length > 0 ? [plain('settings', 'Settings', 'Changed', diff.settings)] : []),
    ...(diff.inputs ? [plain('inputs', 'Input', 'Changed', [diff.inputs])] : []),
  ];
}

function PartView({ part }: { part: Part }) {
  return (
    <li id={`part-${part.key}`} className="flex flex-col gap-12 border-b border-line px-16 py-12 wide:px-24">
      <h2 className="flex items-center gap-8">
        {part.type && <NodeIcon type={part.type} />}
        <span className="font-medium">{part.title}</span>
        <span className="text-muted">{part.words.toLowerCase()}</span>
      </h2>
      {part.fields.length > 0 && <Changes fields={part.fields} />}
    </li>
  );
}

/** From a step of the picture to what changed in it. */
function showPart(id: string): void {
  const part = [...document.querySelectorAll('[id^="part-"]')].find((each) => each.id.endsWith(` ${id}`));
  part?.scrollIntoView({ block: 'start', behavior: 'smooth' });
}

function Picture({ graph }: { graph: Route.ComponentProps['loaderData']['graph'] }) {
  const inBrowser = useInBrowser();
  const outline = <OutlineOf {...graph} />;
  if (graph.nodes.length === 0) return null;
  return (
    <section aria-label="What changed, as a graph" className="relative h-[320px] border-b border-line bg-sunk">
      {inBrowser ? (
        <Suspense fallback={outline}>
          <RunGraph {...graph} settled plain chosen={null} onOpen={showPart} />
        </Suspense>
      ) : (
        outline
      )}
    </section>
  );
}

export default function Version({ loaderData, params }: Route.ComponentProps) {
  const { diff, versions, graph } = loaderData;
  const { workflow } = useOutletContext<WorkflowData>();
  const { may } = useMe();
  const { send, busy } = useWorkflowAction(workflow.id);
  const [, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const refs = [
    { value: 'draft', label: 'Draft' },
    ...versions.map(({ version, note }) => ({ value: String(version), label: `Version ${version}`, ...(note ? { hint: note } : {}) })),
  ];
  const parts = partsOf(diff, new Map([...graph.nodes, ...diff.nodes.removed].map(({ id, label }) => [id, label])));
  const isOld = typeof diff.after === 'number' && diff.after !== workflow.publishedVersion;
  return (
    <>
      <div className="flex flex-wrap items-center gap-8 border-b border-line px-16 py-8 wide:px-24">
        <Select
          key={`a${params.version}`}
          label="Version"
          options={refs}
          value={String(diff.after)}
          onChange={(next) => void navigate(`/workflows/${workflow.id}/versions/${next}`, { preventScrollReset: true })}
          className="!w-auto max-w-[240px]"
        />
        <span className="text-muted">against</span>
        <Select
          key={`b${String(diff.before)}`}
          label="Compared with"
          options={refs.filter(({ value }) => value !== String(diff.after))}
          value={diff.before === null ? '' : String(diff.before)}
          placeholder="Nothing before"
          onChange={(next) => setSearch({ against: next }, { preventScrollReset: true })}
          className="!w-auto max-w-[240px]"
        />
        {isOld && (
          <Button
            className="ml-auto"
            onClick={() => send({ intent: 'rollback', version: String(diff.after) })}
            why={may('workflow.publish') ? (busy ? 'Saving' : null) : 'Your role cannot publish'}
          >
            Publish version {diff.after} again
          </Button>
        )}
      </div>
      <Picture graph={graph} />
      {parts.length === 0 ? (
        <Empty title="No difference">
          {`${refWord(diff.after).replace(/^./, (letter) => letter.toUpperCase())} does what ${refWord(diff.before)} does${diff.ui ? '; only the layout differs' : ''}.`}
        </Empty>
      ) : (
        <ul aria-label="Changes">
          {parts.map((part) => (
            <PartView key={part.key} part={part} />
          ))}
        </ul>
      )}
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
