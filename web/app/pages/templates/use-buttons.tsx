/** The two ways to take a template: into the editor, or straight to a run with its sample. */
import { useFetcher } from 'react-router';
import { isProblem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import type { action } from './template.tsx';

/** `main`: on the page of one template; of a list no row is the main one. */
export function UseButtons({ templateId, name, main = false }: { templateId: string; name: string; main?: boolean }) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  useAnswer(fetcher, (answer) => {
    if (answer && 'problem' in answer && isProblem(answer.problem))
      showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
  });
  const busy = fetcher.state === 'idle' ? null : String(fetcher.formData?.get('intent') ?? '');
  const send = (intent: string): void =>
    void fetcher.submit({ intent, _csrf: me.csrfToken ?? '' }, { method: 'post', action: `/templates/${templateId}` });
  const write = may('workflow.write') ? null : 'Your role cannot make workflows';
  return (
    <div className="relative z-1 flex shrink-0 gap-8">
      <Button
        kind={main ? 'plain' : 'quiet'}
        onClick={() => send('use')}
        why={write ?? (busy ? 'Making the workflow' : null)}
        aria-label={busy ? undefined : `Use: ${name}`}
        className="max-wide:flex-1"
      >
        {busy === 'use' ? 'Making it' : 'Use'}
      </Button>
      <Button
        kind={main ? 'main' : 'plain'}
        onClick={() => send('try')}
        why={write ?? (may('workflow.publish') && may('run.start') ? (busy ? 'Starting' : null) : 'Your role cannot publish and run')}
        aria-label={busy ? undefined : `Run with sample: ${name}`}
        className="max-wide:flex-1"
      >
        {busy === 'try' ? 'Starting' : 'Run with sample'}
      </Button>
    </div>
  );
}
