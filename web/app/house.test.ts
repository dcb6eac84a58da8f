import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colorsCss } from '../scripts/make-colors.ts';

const here = import.meta.dirname;
const sources = globSync(`${here}/**/*.{ts,tsx}`)
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ name: relative(here, file), text: readFileSync(file, 'utf8') }));
const classes = sources.flatMap(({ name, text }) =>
  [...text.matchAll(/(?<![\w/@.-])(?:[a-z-]+:)*(text|p[xytrbl]?|m[xytrbl]?|gap(?:-[xy])?)-(\d+|\[[^\]]+\])(?![\w/.])/g)].map((match) => ({
    name,
    all: match[0],
    kind: match[1] ?? '',
    value: match[2] ?? '',
  })),
);

describe('house rules of the look', () => {
  it('takes colours from tokens only', () => {
    const raw = sources.flatMap(({ name, text }) =>
      [
        ...text.matchAll(
          /#(?:[0-9a-f]{6}|[0-9a-f]{8})\b|rgba?\(|hsla?\(|\b(?:bg|text|border|fill|stroke)-(?:white|black|gray|slate|red|green|blue|yellow|indigo|purple)(?:-\d+)?\b/gi,
        ),
      ].map(([found]) => `${name}: ${found}`),
    );
    expect(raw).toEqual([]);
  });

  it('has five sizes of text and spaces from the scale', () => {
    expect(
      [...new Set(classes.filter(({ kind }) => kind === 'text').map(({ value }) => value))].filter(
        (value) => !['12', '13', '15', '18', '24', '[16px]', '[0px]'].includes(value),
      ),
    ).toEqual([]);
    const spaces = classes
      .filter(({ kind }) => kind !== 'text')
      .filter(({ value }) => /^\d+$/.test(value))
      .filter(({ value }) => !['0', '4', '8', '12', '16', '24', '32', '48'].includes(value));
    expect(spaces.map(({ name, all }) => `${name}: ${all}`)).toEqual([]);
  });

  it('keeps the colours as @radix-ui/colors gives them', () => {
    expect(readFileSync(`${here}/ui/colors.css`, 'utf8')).toBe(colorsCss());
  });

  it('puts no markup of others into the page and no style into markup', () => {
    const offenders = sources.filter(({ text }) => /dangerouslySetInnerHTML|innerHTML\s*=|document\.write/.test(text)).map(({ name }) => name);
    expect(offenders).toEqual([]);
    // Inline styles are refused by our CSP when they come from the server; the canvas is drawn in the browser only.
    expect(
      sources
        .filter(
          ({ name, text }) =>
            /\sstyle=\{/.test(text) && !['run/graph-parts.tsx', 'ui/data-table.tsx'].includes(name) && !name.startsWith('builder/canvas/'),
        )
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('has one select of its own, not that of the browser', () => {
    expect(sources.filter(({ text }) => /<select[\s>]/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it('has no exclamation, no oops and no "successfully" in its words', () => {
    const shown = sources.flatMap(({ name, text }) => [...text.matchAll(/>([^<>{}]+)</g)].map((match) => ({ name, words: match[1] ?? '' })));
    expect(
      shown.filter(({ words }) => /!|oops|successfully/i.test(words) && !/[=;&|]/.test(words)).map(({ name, words }) => `${name}: ${words}`),
    ).toEqual([]);
  });
});
