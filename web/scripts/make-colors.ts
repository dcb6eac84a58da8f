/** Writes app/ui/colors.css from @radix-ui/colors: `node web/scripts/make-colors.ts`. One value per token, `light-dark()` chooses. */
import { writeFileSync } from 'node:fs';
import * as radix from '@radix-ui/colors';

const steps: Record<string, readonly number[]> = {
  sand: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  blue: [3, 4, 6, 8, 9, 11],
  grass: [3, 6, 9, 11],
  tomato: [3, 4, 6, 9, 11],
  amber: [3, 6, 9, 11],
  violet: [3, 6, 9, 11],
};

/** The file's text, so that a test can hold it against what is committed. */
export function colorsCss(): string {
  const scale = radix as unknown as Record<string, Record<string, string>>;
  const lines = Object.entries(steps).flatMap(([name, wanted]) =>
    wanted.map((step) => `  --${name}-${step}: light-dark(${scale[name]?.[name + step]}, ${scale[`${name}Dark`]?.[name + step]});`),
  );
  return `/* Made by scripts/make-colors.ts from @radix-ui/colors; do not edit. */\n:root {\n${lines.join('\n')}\n}\n`;
}

if (import.meta.main) writeFileSync(new URL('../app/ui/colors.css', import.meta.url), colorsCss());
