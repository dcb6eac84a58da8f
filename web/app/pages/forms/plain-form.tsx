/** The form for browsers without scripts: the browser's own controls, an ordinary post. The page shows one or the other (`needs-script`). */
import type { Problem } from '../../api/problem.ts';
import { faultOf } from '../../api/problem.ts';
import { type InputField, inputFields } from '../../run/input-form.ts';
import { buttonClass } from '../../ui/button.tsx';
import { boxClass } from '../../ui/field.tsx';

function Control({ field, id }: { field: InputField; id: string }) {
  const name = `in.${field.name}`;
  const { value, required, kind } = field;
  if (kind === 'choice' || kind === 'boolean') {
    const choices =
      kind === 'boolean' ? [['true', 'Yes'] as const, ['false', 'No'] as const] : field.choices.map((choice) => [choice, choice] as const);
    return (
      <span role="radiogroup" aria-label={field.title} className="flex flex-col">
        {choices.map(([choice, label]) => (
          <label key={choice} className="flex min-h-[36px] items-center gap-8">
            <input type="radio" name={name} value={choice} defaultChecked={choice === value} required={required && kind === 'choice'} />
            {label}
          </label>
        ))}
      </span>
    );
  }
  if (kind === 'long' || kind === 'json')
    return <textarea id={id} name={name} defaultValue={value} required={required} rows={4} className={`${boxClass} py-4`} />;
  if (kind === 'file') return <p className="text-muted">Files need a browser with scripts.</p>;
  return (
    <input
      id={id}
      name={name}
      defaultValue={value}
      required={required}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      className={`${boxClass} h-[36px]`}
    />
  );
}

export function PlainForm({ schema, problem, sendKey }: { schema: Record<string, unknown>; problem: Problem | null; sendKey: string }) {
  const fields = inputFields(schema);
  return (
    <form method="post" className="flex flex-col gap-16">
      {/* Sent twice it counts once. */}
      <input type="hidden" name="key" value={sendKey} />
      {fields.map((field) => {
        const id = `plain-${field.name}`;
        const fault = faultOf(problem, field.name) ?? faultOf(problem, `values/${field.name}`);
        return (
          <p key={field.name} className="flex flex-col gap-4">
            <label htmlFor={id} className="font-medium">
              {field.title}
              {!field.required && <span className="font-normal text-muted"> (optional)</span>}
            </label>
            <Control field={field} id={id} />
            {(fault ?? field.help) && <span className={fault ? 'text-failed-text' : 'text-12 text-muted'}>{fault ?? field.help}</span>}
          </p>
        );
      })}
      {problem && problem.errors.length === 0 && (
        <p role="alert" className="text-failed-text">
          {problem.detail}
        </p>
      )}
      <p>
        <button type="submit" className={`${buttonClass('main')} h-[48px] w-full`}>
          Send
        </button>
      </p>
    </form>
  );
}
