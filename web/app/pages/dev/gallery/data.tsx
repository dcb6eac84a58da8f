import { Chart } from '../../../ui/chart.tsx';
import { CodeView } from '../../../ui/code.tsx';
import { ValueView } from '../../../ui/code-view.tsx';
import { DiffView } from '../../../ui/diff-view.tsx';
import { formatMoney } from '../../../ui/format.ts';
import { CountStrip, RunsStrip, RunStrip } from '../../../ui/run-strip.tsx';
import { states } from '../../../ui/state.tsx';
import { Part, Shown } from './part.tsx';

const rows = Array.from({ length: 10_000 }, (_, index) => ({
  id: index,
  text: `Review ${index}: works as described, arrived a day late`,
  score: ((index * 7) % 5) + 1,
  tags: ['late', 'good'],
  answered: index % 3 === 0 ? null : true,
}));
const days = Array.from({ length: 30 }, (_, index) => ({
  at: `${index + 1} Nov`,
  prompt: Math.abs(Math.sin(index)) * 2,
  batch: (index % 7) / 4,
  last: 1.2 + (index % 5) / 5,
}));

export function Strips() {
  return (
    <Part id="strips" title="Run strip">
      <Shown what="Steps of one run over time">
        <RunStrip
          label="Example"
          lengthMs={1000}
          parts={states.map((state, index) => ({
            id: state,
            label: state,
            state,
            startMs: index * 100,
            endMs: state === 'running' ? null : index * 100 + 95,
          }))}
        />
      </Shown>
      <Shown what="Shares">
        <CountStrip
          label="Example of shares"
          counts={[
            { state: 'completed', count: 12 },
            { state: 'failed', count: 2 },
            { state: 'queued', count: 4 },
          ]}
        />
      </Shown>
      <Shown what="The last 30 runs: one block each, as high as it took long">
        <RunsStrip
          label="Last runs of Support triage"
          runs={Array.from({ length: 24 }, (_, index) => ({
            id: `0199a0c2-${index}`,
            state: index === 3 ? 'failed' : index === 9 ? 'waiting' : index === 0 ? 'running' : index === 14 ? 'cancelled' : 'completed',
            durationMs: index === 0 ? null : 400 + ((index * 977) % 5000),
          }))}
        />
      </Shown>
    </Part>
  );
}

export function Values() {
  return (
    <Part id="values" title="Values, code, differences">
      <ValueView label="Rows" value={rows} />
      <ValueView label="Object" value={{ ok: true, none: null, deep: { list: [1, 2, { text: 'x'.repeat(600) }] } }} />
      <ValueView label="Nothing" value={null} />
      <CodeView
        label="Source"
        language="javascript"
        text={
          '// The total of all prices\nconst { prices } = ctx.input;\nreturn { total: prices.reduce((sum, price) => sum + price, 0), note: "of " + prices.length };'
        }
      />
      <DiffView
        label="Changes of the definition"
        before={{
          nodes: [{ id: 'score', model: 'demo/echo', retry: { maxAttempts: 3 } }],
          edges: [],
          settings: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 },
        }}
        after={{
          nodes: [{ id: 'score', model: 'openai/gpt', retry: { maxAttempts: 3 } }],
          edges: [],
          settings: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 },
        }}
      />
      <DiffView label="Nothing changed" before="a" after="a" />
    </Part>
  );
}

export function Charts() {
  return (
    <Part id="charts" title="Charts">
      <Chart
        label="Spend per day"
        kind="bars"
        rows={days}
        format={formatMoney}
        previous="last"
        series={[
          { key: 'prompt', label: 'Prompts', tone: 'ink' },
          { key: 'batch', label: 'Batches', tone: 'muted' },
        ]}
      />
      <Chart
        label="Spend per day as lines"
        kind="lines"
        rows={days}
        format={formatMoney}
        series={[
          { key: 'prompt', label: 'Prompts', tone: 'ink' },
          { key: 'batch', label: 'Batches', tone: 'running' },
        ]}
      />
    </Part>
  );
}
