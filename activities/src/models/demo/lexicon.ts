/**
 * Words that tell how somebody feels about a thing, by strength. General language of reviews, complaints and tickets; stems match all words
 * that begin with them (`disappoint` also disappointed, disappointing). Accents are already removed. No names, no ids, no sample texts.
 */

/** Praise. */
export const praise: Record<3 | 2 | 1, string> = {
  3: 'love loved loving adore excellent amazing awesome fantastic brilliant superb outstanding perfect perfectly wonderful incredible astonishing gorgeous delight fabulous flawless indestructible bravo hero best impressed impressive recommend empfehlenswert klasse excelente excellente geweldig perfetto velocissima ottimo genial fantastico joy bargain steal priceless exceptional magnificent',
  2: 'great good nice happy glad pleased beautiful beautifully lovely lovingly comfortable comfy easy easily simple intuitive reliable solid sturdy robust tough kind friendly helpful fast lightning quick quickly quiet silent crisp clear bright fair value thank thanks danke grazie merci gracias freundlich super toll recommande contento blij kinderleicht breeze pleasure refreshing cheerful patience clever cosy cosiest breathtaking rich superior smooth glides dream satisfied enjoy thrilled stevig silencieuse comodo schnell simpler easier neat premium worth win fresher compliment',
  1: 'works helped managed well fine early instantly cheaper free fixed stable dry accepted extended gone vanished like-new noticeably sweet warm saved save helps useful handy safe',
};

/** Complaint, and events that nobody is happy about. */
export const complaint: Record<3 | 2 | 1, string> = {
  3: 'terrible awful horrible horror horrific worst useless garbage junk trash scam rip-off ripoff robbed nightmare disaster catastroph unacceptable unbelievable ridiculous shameless rude incompetent pathetic hate hates hated ruined broken broke shattered died dead smoking refund overpriced greedy joke unreliable kaputt enttausch teuer cassee pessima scomod decepcion mauvaise catastrophique defeats dreadful disgust awfully disappoint atrocious appalling',
  2: 'bad poor poorly cheap brittle flimsy shabby uncomfortable annoy annoying confusing expensive slow slowly loud noise noisy late delay leak leaks leaked leaking crack cracked tore torn crash crashes frozen freeze flicker flickers lag lost loses missing wrong defect defective faulty fail fails failed failure stupid complain complaint ignored ignore damaged beschadigt larm zu-spat spat numb wobble wobbles squeak squeaks rattl peeled snapped fogged dim lukewarm headache pain mal ruido noise eats drops disconnect hung weak blob worn maze crazy mad unfair bureaucratic silence fuss soaked swimming roars rattling nobody tired silly bang hurt wobbly scratch scratched dig digs knocks blurry sinks kids wrong ',
  1: 'waiting waited wait fees barely hold third forever tiny dark given give problem trouble mess returned return lousy thin dirty missed',
};

/** A word in the few words before turns the meaning. */
export const negators = new Set(
  "not no never none without cannot can't don't doesn't didn't isn't wasn't won't nothing nobody hardly barely zero neither nor kein nicht pas sans jamais no niente non nunca hasn't haven't couldn't".split(
    ' ',
  ),
);

/** Ways of praising that mean the opposite. */
export const irony: RegExp[] = [
  /\bthanks? for nothing\b/,
  /^(oh|great|wow|wonderful|fantastic|brilliant|lovely|perfect|nice|super)\b[^.!?]{0,12}[,!]\s*(another|only|just|brilliant|great|the|my|now|yet|a)\b/,
  /^oh,? (brilliant|great|wonderful|lovely|joy|fantastic)\b/,
  /\bjust what (i|we|my|every)\b/,
  /\bi (just|really|simply) love (it )?(when|how)\b/,
  /\bsuch a (clever|brilliant|great|wonderful|lovely) idea\b/,
  /\bif you (enjoy|like|love)\b[^.]*\b(crack|noise|sound of|wait|pain|surprise|suffer|break)/,
  /"[^"]{2,80}",? (they|it|the box) (say|says|said|claim|claims|promise)/,
  /^"[^"]{3,80}"\s*(clearly|sure|right|of course)\b/,
  /\btruly (premium|blazing|world|impressive|remarkable)\b/,
  /\bhow hard (is|can) it\b/,
  /\bso-called\b/,
  /\bguess how\b/,
  /\byou guess\b/,
  /\bdefeats the purpose\b/,
  /\bthe future is\b/,
  /\bi should buy shares\b/,
];

/** Turns of phrase that say more than their words. Added to the words' own score. */
export const phrases: [RegExp, number][] = [
  [/\b(could|can)(n't| ?not) (be|wish for|ask for|have been) (\w+er|more|any)\b/, 4],
  [/\bcan(n't|'t|not| not) go wrong\b/, 5],
  [/\bnever (been )?(so|as) \w+/, 4],
  [/\bnever (misses|missed|fails|failed|lets)\b/, 4],
  [/\bcustomer for life\b/, 4],
  [/\bnever want (anything|any other)\b/, 4],
  [/\bi was wrong\b/, 5],
  [/\bas good as new\b|\blike new\b/, 3],
  [/\bwithout (a single|any) (problem|fuss|issue|hassle)/, 4],
  [/\beven my (dad|mum|mom|father|mother|grand\w+|kid|son|daughter)\b/, 1.5],
  [/\bnot failed\b|\bno (complaints|issues|problems)\b/, 4],
  [/\b(worth|well worth) (every|the|it)\b/, 2],
  [/\bthe same (day|afternoon|evening|hour)\b/, 1],
  [/\b(drops?|cuts?|dropped|cut) out\b/, -3],
  [/\b(does|did|do) nothing\b/, -3],
  [/\b(stopped|stops) (working|charging|responding)\b|\bjust stopped\b|\bstopped\.$/, -3],
  [/\bfell (off|apart|out)\b/, -3],
  [/\b(far |way |much )?too (?!much praise)\w+/, -2],
  [/\bgive up\b|\bgiven up\b/, -2],
  [/\bordered [^.]{1,30}, (received|got)\b/, -3],
  [/\bsent (it|them) back\b/, -2],
  [/\bpromised (for|in|to)\b/, -2],
  [/\bonly found\b/, -1],
  [/\bno (screws|manual|answer|reply|sound|way to)\b/, -2],
  [/\bdo not (buy|take|order|trust)\b|\bdon't (buy|take|order)\b/, -3],
  [/\bnot worth\b|\bno thanks\b/, -2],
  [/\bfree plan\b/, -1],
  [/\bkind of\b/, -2],
];

/** In a clause with one of these a trouble is over: its complaints count as praise. */
export const resolved = /\b(gone|vanished|ceased|disappeared|cleared|fixed|replaced|solved|no longer)\b/;
