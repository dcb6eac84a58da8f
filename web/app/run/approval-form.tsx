/** A question and its answer: title, text, fields, two buttons that a thumb hits. The form around it decides where the answer goes. */
import clsx from 'clsx';
import { Check, X } from 'lucide-react';
import type { Problem } from '../api/problem.ts';
import { useMemo } from 'react';
import { Button } from '../ui/button.tsx';
import { InputFields } from './input-fields.tsx';
import { inputFields } from './input-form.ts';

export interface AskedFields {
  form: Record<string, unknown> | null;
  problem: Problem | null;
  /** Why it cannot be answered now. */
  why: string | null;
  /** Full width, for pages that are nothing but the question. */
  large?: boolean;
}

/** Fields and buttons; `decision`, `schema` and `in.*` are what the form posts. */
export function AnswerFields({ form, problem, why, large }: AskedFields) {
  const fields = useMemo(() => inputFields(form), [form]);
  const general = problem && (problem.errors.length === 0 || !problem.errors.some(({ path }) => fields.some(({ name }) => path.includes(name))));
  const size = clsx('max-wide:h-[48px] max-wide:flex-1', large && 'h-[48px] flex-1 text-15');
  return (
    <div className="flex max-w-[480px] flex-col gap-16">
      {form && <input type="hidden" name="schema" value={JSON.stringify(form)} />}
      {fields.length > 0 && <InputFields fields={fields} problem={problem} files={[]} />}
      {general && (
        <p role="alert" className="text-failed-text">
          {problem.errors[0]?.message ?? problem.detail}
        </p>
      )}
      <div className="flex gap-8">
        <Button type="submit" name="decision" value="rejected" why={why} className={size} formNoValidate>
          <X size={16} aria-hidden />
          Reject
        </Button>
        <Button kind="main" type="submit" name="decision" value="approved" why={why} className={size}>
          <Check size={16} aria-hidden />
          Approve
        </Button>
      </div>
    </div>
  );
}
