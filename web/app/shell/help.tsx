/** All keys on one sheet, those of the page first, and where to read on. */
import { useLocation } from 'react-router';
import { Kbd } from '../ui/kbd.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useActions } from './page-actions.ts';
import { places } from './places.ts';

type Keys = [key: string, what: string][];

const lists: Keys = [
  ['j', 'Next row'],
  ['k', 'Row before'],
  ['Enter', 'Open the row'],
  ['x', 'Choose the row'],
  ['/', 'Search on the page'],
];
/** Keys of the run page; other pages name theirs as actions. */
const runPage: Keys = [
  ['1', 'Graph'],
  ['2', 'Timeline'],
  ['3', 'Events'],
  ['4', 'Output'],
  ['[', 'Step before'],
  [']', 'Next step'],
  ['Esc', 'Close the step'],
];
const fields: Keys = [
  ['{', 'Twice in a text: put in a value'],
  ['Tab', 'Next field'],
  ['Esc', 'Let go of the field, close what is open'],
];
const anywhere: Keys = [
  ['mod+K', 'Search, and all that can be done here'],
  ['?', 'This list'],
  ['mod+B', 'Fold or unfold the rail'],
  ...places.map(({ key, label }): [string, string] => [`g ${key}`, `Go to ${label.toLowerCase()}`]),
];

function Group({ title, list }: { title: string; list: Keys }) {
  if (list.length === 0) return null;
  return (
    <section>
      <h3 className="mb-4 font-semibold">{title}</h3>
      <dl>
        {list.map(([key, what]) => (
          <div key={key + what} className="flex min-h-[32px] items-center justify-between gap-16 border-b border-line">
            <dt>{what}</dt>
            <dd>
              <Kbd keys={key.replace(' ', '+')} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const onRun = /^\/runs\/(?!compare)./.test(useLocation().pathname);
  const here = useActions().flatMap(({ keys, label }): Keys => (keys ? [[keys, label]] : []));
  return (
    <Sheet open={open} onClose={onClose} title="Keys and help">
      <div className="flex flex-col gap-24">
        <Group title="On this page" list={onRun ? [...here, ...runPage] : here} />
        <Group title="Anywhere" list={anywhere} />
        <Group title="Lists" list={lists} />
        <Group title="Fields" list={fields} />
        <p>
          <a href="/docs" className="text-link hover:underline">
            Read the API docs
          </a>
        </p>
      </div>
    </Sheet>
  );
}
