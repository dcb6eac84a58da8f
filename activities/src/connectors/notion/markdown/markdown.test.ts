import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { packagePath } from '../../testing/contract/declarations.ts';
import { readFileSync } from 'node:fs';
import { sizeOf } from './block.ts';
import { languageOf, languages } from './languages.ts';
import { toBlocks } from './parse.ts';
import { toMarkdown } from './print.ts';
import { plainOf, plainText } from './rich-text.ts';

const again = (markdown: string): string => toMarkdown(toBlocks(markdown));
const typesOf = (markdown: string): string[] => toBlocks(markdown).map(({ type }) => type);

describe('markdown to blocks', () => {
  it('knows every block people write', () => {
    const markdown = [
      '# One\n## Two\n#### Four',
      'A line\nand its next',
      '- a\n* b\n1. c\n2) d',
      '- [ ] open\n- [x] done',
      '> said\n> so',
      '```ts\nconst a = 1;\n\n# no heading\n```',
      '---',
      '$$\nx^2\n$$',
      '| a | b |\n|:-:|---|\n| 1 \\| 2 | `x` |',
      '![shown](https://example.com/a.png)',
      '2019. A year is text',
    ].join('\n\n');
    expect(typesOf(markdown)).toEqual(
      'heading_1 heading_2 heading_3 paragraph bulleted_list_item bulleted_list_item numbered_list_item numbered_list_item to_do to_do quote code divider equation table image numbered_list_item'.split(
        ' ',
      ),
    );
    const table = toBlocks(markdown).find(({ type }) => type === 'table');
    expect(table?.content.children?.map(({ content }) => content.cells?.map((cell) => plainOf(cell)))).toEqual([
      ['a', 'b'],
      ['1 | 2', 'x'],
    ]);
  });

  it('keeps marks, also in one another, and links that Notion takes', () => {
    const [block] = toBlocks(
      'a **b *c* ~~d~~** `e*` [f **g**](https://example.com/(1)) [h](javascript:1) snake_case_word 2 * 3 * 4 \\*i\\* <https://example.com>',
    );
    expect(
      (block?.content.rich_text ?? []).map(({ text, annotations }) => [text?.content, Object.keys(annotations ?? {}).join(), text?.link?.url ?? '']),
    ).toEqual([
      ['a ', '', ''],
      ['b ', 'bold', ''],
      ['c', 'bold,italic', ''],
      [' ', 'bold', ''],
      ['d', 'bold,strikethrough', ''],
      [' ', '', ''],
      ['e*', 'code', ''],
      [' ', '', ''],
      ['f ', '', 'https://example.com/(1)'],
      ['g', 'bold', 'https://example.com/(1)'],
      [' [h](javascript:1) snake_case_word 2 * 3 * 4 *i* ', '', ''],
      ['https://example.com', '', 'https://example.com'],
    ]);
  });

  it('nests two levels, as Notion takes them, and moves what is deeper up', () => {
    const [top] = toBlocks('- 1\n  - 2\n    - 3\n      - 4\n        - 5\n  - 6');
    const texts = (blocks: typeof top extends undefined ? never : NonNullable<typeof top>[]): unknown[] =>
      blocks.map(({ content }) => [plainOf(content.rich_text), texts(content.children ?? [])]);
    expect(top === undefined ? [] : texts([top])).toEqual([
      [
        '1',
        [
          [
            '2',
            [
              ['3', []],
              ['4', []],
              ['5', []],
            ],
          ],
          ['6', []],
        ],
      ],
    ]);
  });

  it('cuts long texts into pieces that Notion takes, never through a character', () => {
    const pieces = plainText(`${'x'.repeat(1_999)}😀${'y'.repeat(3_000)}`);
    expect(pieces.map(({ text }) => text.content.length)).toEqual([1_999, 2_000, 1_002]);
    const [first, second] = toBlocks(Array.from({ length: 101 }, (_, at) => `**${at}** `).join('x '));
    expect([first?.content.rich_text?.length, (second?.content.rich_text?.length ?? 0) > 0]).toEqual([100, true]);
  });

  it('names languages as Notion does', () => {
    const declared = readFileSync(packagePath('@notionhq/client', 'build/src/api-endpoints/common.d.ts'), 'utf8');
    const [, known = ''] = /type LanguageRequest = ([^;]+);/.exec(declared) ?? [];
    expect(languages.filter((name) => !known.includes(`"${name}"`))).toEqual([]);
    expect(['ts', 'Python', 'brainfuck', ''].map(languageOf)).toEqual(['typescript', 'python', 'plain text', 'plain text']);
  });

  it('ends soon on hostile texts', () => {
    for (const unit of ['*', '**a', '[', '[a](', '`', '_a', '<h', '> ', '- ', '|', '\n', ' - a\n\n', '~~']) {
      const began = performance.now();
      toBlocks(unit.repeat(Math.floor(60_000 / unit.length)));
      expect(performance.now() - began, unit).toBeLessThan(30_000);
    }
  });
});

describe('blocks to markdown and back', () => {
  it('writes what it reads', () => {
    const markdown = [
      '# Plan',
      'Text with **bold**, *italic*, ~~gone~~, `code` and [a link](https://example.com).\nNext line',
      '- one\n  more of it\n  - two\n\n    a paragraph below\n- [x] done',
      '1. first\n2. second',
      '> quoted\n> second\n>\n> - inner',
      '```typescript\nconst a = "`";\n```',
      '| a | b |\n| --- | --- |\n| 1 | x \\| y |',
      '---',
      '$$\nE = mc^2\n$$',
      '![alt](https://example.com/a.png)',
    ].join('\n\n');
    expect(again(markdown)).toBe(markdown);
  });

  it('keeps texts that look like something else', () => {
    const texts = [
      '# no heading',
      '- no list',
      '1. no number',
      '> no quote',
      '| no table |',
      '---',
      '***',
      '$$',
      '```',
      '[x] no box',
      'a_b_c *d* `e` [f](g) <h> \\i',
      '- [ ] x',
    ];
    for (const text of texts) {
      const [block] = toBlocks(toMarkdown([{ type: 'paragraph', content: { rich_text: plainText(text) } }]));
      expect([block?.type, plainOf(block?.content.rich_text)]).toEqual(['paragraph', text]);
    }
  });

  it('says the nearest thing for what markdown has no word for', () => {
    const texts = plainText('Mind this');
    expect(
      toMarkdown([
        { type: 'callout', content: { rich_text: texts, icon: { emoji: '💡' } } },
        { type: 'child_page', content: { title: 'Sub' } },
        { type: 'bookmark', content: { url: 'https://example.com' } },
        { type: 'file', content: { file: { url: 'https://example.com/f' }, name: 'f.pdf' } },
        {
          type: 'column_list',
          content: { children: [{ type: 'column', content: { children: [{ type: 'paragraph', content: { rich_text: texts } }] } }] },
        },
        { type: 'unsupported', content: {} },
      ]),
    ).toBe('> 💡 Mind this\n\n**Sub**\n\n[https://example.com](https://example.com)\n\n[f.pdf](https://example.com/f)\n\nMind this');
  });

  it('keeps any tree of blocks it can write', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'ab1 *_`~[]()#->|.\\$!<'), minLength: 1, maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const leaf = fc.record({ type: fc.constantFrom('paragraph', 'heading_1', 'heading_3', 'to_do', 'bulleted_list_item', 'quote'), text: word });
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 8 }), (leaves) => {
        const blocks = leaves.map(({ type, text }) => ({
          type,
          content: { rich_text: plainText(text), ...(type === 'to_do' ? { checked: true } : {}) },
        }));
        const read = toBlocks(toMarkdown(blocks));
        expect(read.map(({ type, content }) => [type, plainOf(content.rich_text)])).toEqual(
          blocks.map(({ type, content }) => [type, plainOf(content.rich_text)]),
        );
        expect(read.reduce((sum, block) => sum + sizeOf(block), 0)).toBe(blocks.length);
      }),
      { numRuns: 500 },
    );
  });
});
