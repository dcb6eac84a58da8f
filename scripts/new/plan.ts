/** What a generator makes: new files, changed files, and what is left for a person to do. Nothing is written before all of it is known to fit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Refusals with a way out; printed without a stack. */
export class Refusal extends Error {}

export interface Names {
  /** `price-list` */
  kebab: string;
  /** `price_list` */
  snake: string;
  /** `priceList` */
  camel: string;
  /** `PriceList` */
  pascal: string;
  /** `Price list` */
  title: string;
}

const maxNameChars = 40;

/** Every casing of a name given in kebab-case (or, for node kinds, snake_case). Throws Refusal for others. */
export function namesOf(given: string): Names {
  const kebab = given.replaceAll('_', '-');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab) || kebab.length > maxNameChars)
    throw new Refusal(`"${given}" is no name: lower-case words with hyphens, at most ${maxNameChars} characters, such as price-list.`);
  const words = kebab.split('-');
  const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const pascal = words.map(upper).join('');
  return {
    kebab,
    snake: words.join('_'),
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    title: upper(words.join(' ')),
  };
}

/** The changes of one generator, over a folder that holds the repository. */
export class Plan {
  readonly #root: string;
  readonly #texts = new Map<string, string>();
  readonly made: string[] = [];
  readonly changed: string[] = [];
  readonly next: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** A new file. Throws Refusal where it exists. */
  make(file: string, text: string): void {
    if (existsSync(join(this.#root, file)) || this.#texts.has(file)) throw new Refusal(`${file} exists already: choose another name.`);
    this.#texts.set(file, text);
    this.made.push(file);
  }

  /** Changes a file that exists. */
  edit(file: string, change: (text: string) => string): void {
    if (!existsSync(join(this.#root, file))) throw new Refusal(`${file} is not there: is this the root of the repository?`);
    const before = this.#texts.get(file) ?? readFileSync(join(this.#root, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Refusal(`${file} could not be changed: it names this already.`);
    this.#texts.set(file, after);
    if (!this.changed.includes(file)) this.changed.push(file);
  }

  /** Writes everything. */
  write(): void {
    for (const [file, text] of this.#texts) {
      mkdirSync(dirname(join(this.#root, file)), { recursive: true });
      writeFileSync(join(this.#root, file), text);
    }
  }
}
