/** What would mend a failed run, from its error code: one sentence and the way there. Pure. */

export interface Mend {
  /** Verb and object: what the button does. */
  label: string;
  /** `again`: starts the same run again; else a path of this site. */
  to: { kind: 'again' } | { kind: 'path'; path: string };
  /** What to do, where the code itself does not say. */
  advice: string;
}

interface Place {
  runId: string;
  workflowId: string;
  nodeId: string | null;
  /** JSON pointer of the field that is wrong, below the step's config; where it is known. */
  field?: string | null;
}

/** The builder with the run shown on it, at the step and the field. */
function editorAt({ runId, workflowId, nodeId, field }: Place): string {
  const search = new URLSearchParams({ run: runId });
  if (nodeId) search.set('node', nodeId);
  if (nodeId && field) search.set('field', field);
  return `/workflows/${workflowId}/edit?${search}`;
}

interface Rule {
  when: RegExp;
  mend: (place: Place) => Mend;
}

const path = (to: string): Mend['to'] => ({ kind: 'path', path: to });

/** First that fits counts: who must act decides, not how it broke. */
const rules: Rule[] = [
  {
    when: /^credential\.|\b(unauthorized|forbidden|bad-credential|not-authenticated)\b|^http\.(401|403)$/,
    mend: () => ({
      label: 'Open connections',
      to: path('/connections'),
      advice: 'The service did not accept the credential. Connect it again or store a fresh one, then run it again.',
    }),
  },
  {
    when: /^(input|run\.invalid-input|file\.)/,
    mend: ({ workflowId }) => ({
      label: 'Run with other input',
      to: path(`/workflows/${workflowId}/start`),
      advice: 'The input of this run does not fit. Start it again with another file or value.',
    }),
  },
  {
    when: /^(plan|budget)\./,
    mend: () => ({ label: 'See the limits', to: path('/settings/limits'), advice: 'A limit of the team was reached.' }),
  },
  {
    when: /rate-limited|unavailable|timeout|timed-out|overloaded|connection|network|lost|outage/,
    mend: () => ({ label: 'Run again', to: { kind: 'again' }, advice: 'A service did not answer in time. Usually it works when tried again.' }),
  },
];

/** Never nothing: a step that failed for any other reason is put right in the editor. */
export function mendOf(code: string, place: Place): Mend {
  const rule = rules.find(({ when }) => when.test(code));
  return (
    rule?.mend(place) ?? {
      label: place.nodeId ? (place.field ? 'Fix the field' : 'Fix the step') : 'Open in the editor',
      to: path(editorAt(place)),
      advice: `Put the ${place.field ? 'field' : 'step'} right in the editor; this run is shown there, so you see what the step was given.`,
    }
  );
}
