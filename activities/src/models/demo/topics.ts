/** What a text is about: families of words per topic, by the name a schema gives the topic. Pure. */
import { clausesOf, plain } from './text.ts';

/** Name (or part) of a topic in a schema -> words, strong ones first after `!`. Stems match longer words. */
const families: { names: string[]; strong: string; weak: string }[] = [
  {
    names: ['delivery', 'shipping', 'logistics'],
    strong:
      'deliver shipping shipped shipment courier arrival parcel package packag packed carton arrived arrives tracking lieferung spedizione imballaggio unpacking wrapped envelope express',
    weak: 'box late early ordered arrive days received post neighbour missing wrong lost opened',
  },
  {
    names: ['service', 'support', 'care'],
    strong:
      "support service warranty customer technician helpdesk refund returns chat email emails emailed mailed phone-support reply answer kundenservice 'on hold' return",
    weak: 'helped help replacement friendly rude human staff people call called wrote told patience kind waited repon email receipt',
  },
  {
    names: ['price', 'cost', 'value', 'billing', 'money'],
    strong:
      'price priced cost costs expensive cheap cheaper overpriced bargain dollar dollars euro euros paid pay value sale teuer precio prix subscription fee fees scam rip-off robbed worth discount affordable invoice greedy',
    weak: 'money buy shares free sold deal steal hundred month plan month',
  },
  {
    names: ['usability', 'ease', 'comfort', 'ux', 'handling', 'setup'],
    strong:
      'comfortable uncomfortable comfy easy easier simple intuitive app setup manual instructions assembly assembled button buttons layout account menu controls display confusing bedienen kinderleicht scomod typing assemble pairing paired clean cleaning dishwasher put-together nightmare dimmer typing straps pockets seat back wrists simpler',
    weak: 'use used minutes press switch timer scanned code key keys fit hip wear wearing hours sat learn keyboard tastatur layout mode modes level levels opens chair love',
  },
  {
    names: ['quality', 'durability', 'build', 'defect', 'material'],
    strong:
      'quality broke broken died build material fabric plastic metal zipper crack cracked snapped tore torn leak leaks defect sturdy solid robust indestructible wheel hinge peeled worn aluminium glass fell kaputt qualite cassee kwaliteit craftsmanship flimsy fogged rattling rattl squeak seams paint dead smoking housing frame reliable garbage junk failed brittle cracking wobbl creaking',
    weak: 'stopped works years weeks month outlive new weigh last hold smoke forever disappoint base chewed spilled shade case size colour looks',
  },
  {
    names: ['performance', 'function', 'speed', 'features'],
    strong:
      'battery sound noise noise-cancelling picture light bright brightness dim flicker coffee espresso hot lukewarm heats speed lag bluetooth wifi connection waterproof rain quiet loud air smoke allergies dust smell filter-air night-vision vision microphone klang akku clean limpia ruido cafe glides gas lift hums camera frozen alert charged charge charging crema carries weighs',
    weak: 'works fast instantly hours minutes day percent runs quietly fresher cough dry picture unreliable chair best cup machine drops stable sleep silent switches gym',
  },
];
const strongWeight = 2.2;
const weakWeight = 0.8;
/** What is said first is mostly what it is about. */
const firstClauseBonus = 1.25;

/** The topic of `choices` that `text` is most about; null where none of them is known or found. */
export function topicOf(text: string, choices: readonly string[]): string | null {
  let best: { choice: string; score: number } | null = null;
  for (const choice of choices) {
    const family = families.find(({ names }) => names.some((name) => plain(choice).includes(name)));
    if (family === undefined) continue;
    const score = scoreOf(text, family);
    if (score > 0 && (best === null || score > best.score)) best = { choice, score };
  }
  return best?.choice ?? null;
}

/** True when at least two of the choices name topics we have words for. */
export function knowsTopics(choices: readonly string[]): boolean {
  return choices.filter((choice) => families.some(({ names }) => names.some((name) => plain(choice).includes(name)))).length >= 2;
}

function scoreOf(text: string, family: { strong: string; weak: string }): number {
  const strong = new Set(family.strong.split(' '));
  const weak = new Set(family.weak.split(' '));
  let score = 0;
  for (const [at, clause] of clausesOf(text).entries()) {
    const bonus = at === 0 ? firstClauseBonus : 1;
    for (const word of new Set(plain(clause).match(/[a-z][a-z'-]*/g) ?? [])) {
      if (matches(word, strong)) score += strongWeight * bonus;
      else if (matches(word, weak)) score += weakWeight * bonus;
    }
  }
  return score;
}

function matches(word: string, words: ReadonlySet<string>): boolean {
  if (words.has(word) || words.has(word.replace(/'s$/, '').replace(/s$/, ''))) return true;
  for (const stem of words) if (stem.length >= 6 && word.startsWith(stem)) return true;
  return false;
}
