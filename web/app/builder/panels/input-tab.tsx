/** What a step can read: the outputs before it in a run of one's choice. Drag a name into a field, or click to copy it. */
import { Database, GripVertical } from 'lucide-react';
import { useState } from 'react';
import { ValueView } from '../../ui/code-view.tsx';
import { formatWhole } from '../../ui/format.ts';
import { isRows, type Json, pathText } from '../../ui/json-path.ts';
import { RowsView } from '../../ui/rows-view.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { stateWord, toState } from '../../ui/state.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { itemOf, typeWord } from '../model/expression-names.ts';
import { loopsOf, upstream } from '../model/graph.ts';
import { labelOf } from '../model/words.ts';
import { grab } from './grab.ts';
import { chooseSample, useRuns, useSample } from './sample.ts';

type Way = 'schema' | 'table' | 'json';

function sampleText(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return typeWord(value);
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A name that can be dragged; children fold out. */
function NameRow({ path, name, value, depth }: { path: string; name: string; value: Json; depth: number }) {
  const [open, setOpen] = useState(depth < 1);
  const inner: [string, string, Json][] =
    value === null || typeof value !== 'object'
      ? []
      : Array.isArray(value)
        ? value.length > 0
          ? [[`${path}[0]`, 'first', value[0] ?? null]]
          : []
        : Object.entries(value).map(([key, child]) => [`${path}.${pathText([key])}`, key, child]);
  const plain = value === null || typeof value !== 'object';
  return (
    <li>
      <div
        className="group/name flex h-24 items-center gap-4 rounded-control pr-4 hover:bg-hover"
        draggable
        onDragStart={(event) => grab(event, path)}
      >
        <GripVertical size={12} aria-hidden className="shrink-0 cursor-grab text-faint opacity-0 group-hover/name:opacity-100" />
        <button
          type="button"
          title={`Copy {{ ${path} }}`}
          className="focus-inset min-w-0 shrink truncate rounded-control font-mono text-12 hover:underline"
          onClick={() => void navigator.clipboard.writeText(`{{ ${path} }}`).then(() => showToast({ text: 'Copied', more: `{{ ${path} }}` }))}
        >
          {name}
        </button>
        <span className="shrink-0 text-12 text-faint">{typeWord(value)}</span>
        <span className="min-w-0 flex-1 truncate text-right text-12 text-muted">{plain ? sampleText(value) : ''}</span>
        {inner.length > 0 && (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${open ? 'Fold' : 'Unfold'} ${name}`}
            className="focus-inset shrink-0 px-4 text-12 text-muted hover:text-ink"
            onClick={() => setOpen(!open)}
          >
            {open ? '−' : `+${inner.length}`}
          </button>
        )}
      </div>
      {open && inner.length > 0 && (
        <ul className="ml-12 border-l border-line pl-4">
          {inner.slice(0, 60).map(([at, label, child]) => (
            <NameRow key={at} path={at} name={label} value={child} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Source({ label, path, value, way, onShow }: { label: string; path: string; value: Json | undefined; way: Way; onShow?: () => void }) {
  const rows = isRows(value)
    ? value
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.values(value).find((each) => isRows(each))
      : undefined;
  return (
    <section aria-label={label} className="flex flex-col gap-4 border-b border-line px-16 py-12">
      <div className="flex items-center gap-8">
        <h3 className="min-w-0 truncate font-medium">
          {onShow ? (
            <button type="button" className="max-w-full truncate hover:underline" onClick={onShow}>
              {label}
            </button>
          ) : (
            label
          )}
        </h3>
        <span className="ml-auto shrink-0 truncate font-mono text-12 text-faint">{path}</span>
      </div>
      {value === undefined ? (
        <p className="text-12 text-muted">
          Nothing from this step in the run. <code className="font-mono">{`{{ ${path} }}`}</code> can be used all the same.
        </p>
      ) : way === 'schema' ? (
        <ul>
          <NameRow path={path} name={path.split('.').at(-1) ?? path} value={value} depth={0} />
        </ul>
      ) : way === 'table' && isRows(rows) ? (
        <RowsView label={label} rows={rows} />
      ) : (
        <ValueView label={label} value={value} />
      )}
    </section>
  );
}

export function InputTab({ id }: { id: string }) {
  const definition = usePick((state) => state.definition);
  const pins = usePick((state) => state.pins);
  const { store } = useBuilder();
  const { show } = useActions();
  const sample = useSample();
  const runs = useRuns();
  const [way, setWay] = useState<Way>('schema');
  const before = upstream(definition, id);
  const outputs = { ...sample.outputs, ...pins };
  const loop = loopsOf(definition, id)[0];
  return (
    <div className="flex flex-col">
      <div className="sticky top-0 z-10 flex items-center gap-8 border-b border-line bg-paper px-16 py-8">
        <div className="min-w-0 flex-1">
          <Select
            label="Sample run"
            value={sample.runId ?? ''}
            placeholder="No run yet"
            onChange={(next) => chooseSample(next === '' ? null : next)}
            options={runs.map((run) => ({
              value: run.id,
              label: `${stateWord(toState(run.status))}, ${new Date(run.createdAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`,
              hint: run.version === null || run.isTest ? 'test' : `version ${formatWhole(run.version)}`,
            }))}
          />
        </div>
        <Segmented
          small
          label="Show as"
          value={way}
          onChange={(next) => setWay(next as Way)}
          options={[
            { value: 'schema', label: 'Fields' },
            { value: 'table', label: 'Table' },
            { value: 'json', label: 'JSON' },
          ]}
        />
      </div>
      {loop && <Source label={`${labelOf(loop)}, first round`} path="item" value={itemOf(loop.config['items'], outputs, sample.input)} way={way} />}
      {before.map((node) => (
        <Source
          key={node.id}
          label={`${labelOf(node)}${pins[node.id] === undefined ? '' : ' (pinned)'}`}
          path={`nodes.${node.id}.output`}
          value={outputs[node.id]}
          way={way}
          onShow={() => show(node.id, 'output')}
        />
      ))}
      <Source label="Input of the run" path="input" value={sample.input} way={way} onShow={() => store.getState().select(['__start'])} />
      {sample.runId === null && (
        <p className="flex items-start gap-8 p-16 text-12 text-muted">
          <Database size={14} aria-hidden className="mt-px shrink-0" />
          Test the workflow once: what its steps gave stands here, to be dragged into fields.
        </p>
      )}
    </div>
  );
}
