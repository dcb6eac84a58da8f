/** All keys on one sheet, and where to read on. */
import { Kbd } from '../ui/kbd.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { places } from './places.ts';

const keys: [string, [string, string][]][] = [
  [
    'Anywhere',
    [
      ['mod+K', 'Search pages, workflows and runs'],
      ['?', 'This list'],
      ['/', 'Search on the page'],
      ...places.map(({ key, label }): [string, string] => [`g ${key}`, `Go to ${label.toLowerCase()}`]),
    ],
  ],
  [
    'Lists',
    [
      ['j', 'Next row'],
      ['k', 'Row before'],
      ['Enter', 'Open the row'],
    ],
  ],
  [
    'Run page',
    [
      ['1', 'Graph'],
      ['2', 'Timeline'],
      ['3', 'Events'],
      ['4', 'Output'],
      ['[', 'Step before'],
      [']', 'Next step'],
      ['Esc', 'Close the step'],
    ],
  ],
];

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onClose={onClose} title="Keys and help">
      <div className="flex flex-col gap-24">
        {keys.map(([group, list]) => (
          <section key={group}>
            <h3 className="mb-4 font-semibold">{group}</h3>
            <dl>
              {list.map(([key, what]) => (
                <div key={key} className="flex h-[32px] items-center justify-between border-b border-line">
                  <dt>{what}</dt>
                  <dd>
                    <Kbd keys={key.replace(' ', '+')} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p>
          <a href="/docs" className="text-link hover:underline">
            Read the API docs
          </a>
        </p>
      </div>
    </Sheet>
  );
}
