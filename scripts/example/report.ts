/** What a finished example run says, as facts and as a small table. */
import { readFileSync } from 'node:fs';

import pc from 'picocolors';

import type { Run } from './workflow.ts';
import { folder } from './workflow.ts';

const sentiments = ['positive', 'neutral', 'negative'] as const;
const topics = ['quality', 'performance', 'price', 'delivery', 'service', 'usability'] as const;

interface Row {
  id: string;
  sentiment?: string;
  topic?: string;
}

export interface Report {
  runId: string;
  runUrl: string;
  status: string;
  error: string | null;
  model: string;
  demo: boolean;
  reviews: number;
  /** Reviews per topic and sentiment. */
  counts: Record<string, Record<string, number>>;
  /** Share of reviews that agree with labels.csv, 0 to 1. */
  agreement: { sentiment: number; topic: number };
  durationMs: number;
  tokens: number;
  costUsd: number;
  complaints: { product: string; complaints: number }[];
}

/** Facts of a settled run. The labels are read here only, never by the workflow. */
export function reportOf(run: Run, output: Record<string, unknown>, model: string, hubUrl: string): Report {
  const rows = (Array.isArray(output['reviews']) ? output['reviews'] : []) as Row[];
  const labels = readLabels();
  const counts: Report['counts'] = Object.fromEntries(
    topics.map((topic) => [topic, Object.fromEntries(sentiments.map((sentiment) => [sentiment, 0]))]),
  );
  let sentiment = 0;
  let topic = 0;
  for (const row of rows) {
    const count = counts[row.topic ?? ''];
    if (count !== undefined && row.sentiment !== undefined) count[row.sentiment] = (count[row.sentiment] ?? 0) + 1;
    const label = labels.get(row.id);
    if (label?.sentiment === row.sentiment) sentiment += 1;
    if (label?.topic === row.topic) topic += 1;
  }
  const of = Math.max(labels.size, 1);
  return {
    runId: run.id,
    runUrl: `${hubUrl}/runs/${run.id}`,
    status: run.status,
    error: run.error === null ? null : `${run.error.code}: ${run.error.message}`,
    model,
    demo: model.startsWith('demo/'),
    reviews: rows.length,
    counts,
    agreement: { sentiment: sentiment / of, topic: topic / of },
    durationMs: run.startedAt === null || run.completedAt === null ? 0 : Date.parse(run.completedAt) - Date.parse(run.startedAt),
    tokens: run.totals.tokens,
    costUsd: run.totals.costUsd,
    complaints: (Array.isArray(output['complaints']) ? output['complaints'] : []) as Report['complaints'],
  };
}

function readLabels(): Map<string, { sentiment: string; topic: string }> {
  const [, ...lines] = readFileSync(new URL('labels.csv', folder), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [id = '', sentiment = '', topic = ''] = line.trim().split(',');
      return [id, { sentiment, topic }];
    }),
  );
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`;

/** The report for a terminal, at most 20 lines. */
export function tableOf(report: Report): string {
  if (report.status !== 'completed')
    return pc.red(`The example ended ${report.status}${report.error === null ? '' : ` (${report.error})`}. Look at ${report.runUrl}`);
  const cell = (text: string | number): string => String(text).padStart(10);
  const head = `${'  topic'.padEnd(14)}${sentiments.map(cell).join('')}${cell('all')}`;
  const line = (name: string, numbers: number[]): string =>
    `  ${name.padEnd(12)}${numbers.map(cell).join('')}${cell(numbers.reduce((a, b) => a + b, 0))}`;
  const body = topics.map((topic) =>
    line(
      topic,
      sentiments.map((sentiment) => report.counts[topic]?.[sentiment] ?? 0),
    ),
  );
  const sums = line(
    'all',
    sentiments.map((sentiment) => topics.reduce((sum, topic) => sum + (report.counts[topic]?.[sentiment] ?? 0), 0)),
  );
  const lost =
    report.reviews -
    topics.reduce((sum, topic) => sum + sentiments.reduce((inner, sentiment) => inner + (report.counts[topic]?.[sentiment] ?? 0), 0), 0);
  const worst = report.complaints
    .slice(0, 3)
    .map(({ product, complaints }) => `${product} (${complaints})`)
    .join(', ');
  return [
    `${pc.bold(`${report.reviews} product reviews`)}, classified by ${report.model}${report.demo ? pc.yellow(' (demo: offline rules, no model was asked; tokens are estimated, the price is made up)') : ''}`,
    pc.dim(head),
    ...body,
    pc.dim(sums),
    ...(lost > 0 ? [pc.yellow(`  ${lost} reviews could not be classified: see the run`)] : []),
    `  most complaints   ${worst || 'none'}`,
    `  agrees with labels.csv in ${percent(report.agreement.sentiment)} of sentiments and ${percent(report.agreement.topic)} of topics`,
    `  took ${(report.durationMs / 1000).toFixed(1)} s, ${report.tokens.toLocaleString('en')} tokens, $${report.costUsd.toFixed(4)}${report.demo ? ' (demo)' : ''}`,
    `  ${report.runUrl}`,
  ].join('\n');
}
