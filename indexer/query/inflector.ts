// Names of root fields, made exactly as graph-node makes them: camel case and plural of the Rust crate Inflector 0.11.

/** Matched as they are written: entity types begin with a capital, so these only ever meet types named in lower case. */
const UNCOUNTABLE: ReadonlySet<string> = new Set(
  (
    'accommodation adulthood advertising advice aggression aid air aircraft alcohol anger applause ' +
    'arithmetic assistance athletics bacon baggage beef biology blood botany bread butter carbon ' +
    'cardboard cash chalk chaos chess crossroads countryside dancing deer dignity dirt dust economics ' +
    'education electricity engineering enjoyment envy equipment ethics evidence evolution fame fiction ' +
    'flour flu food fuel fun furniture gallows garbage garlic genetics gold golf gossip grammar gratitude ' +
    'grief guilt gymnastics happiness hardware harm hate hatred health heat help homework honesty honey ' +
    'hospitality housework humour hunger hydrogen ice importance inflation information innocence iron ' +
    'irony jam jewelry judo karate knowledge lack laughter lava leather leisure lightning linguine ' +
    'linguini linguistics literature litter livestock logic loneliness luck luggage macaroni machinery ' +
    'magic management mankind marble mathematics mayonnaise measles methane milk money mud music mumps ' +
    'nature news nitrogen nonsense nurture nutrition obedience obesity oxygen pasta patience physics ' +
    'poetry pollution poverty pride psychology publicity punctuation quartz racism relaxation reliability ' +
    'research respect revenge rice rubbish rum safety scenery seafood seaside series shame sheep shopping ' +
    'sleep smoke smoking snow soap software soil spaghetti species steam stuff stupidity sunshine ' +
    'symmetry tennis thirst thunder timber traffic transportation trust underwear unemployment unity ' +
    'validity veal vegetation vegetarianism vengeance violence vitality warmth wealth weather welfare ' +
    'wheat wildlife wisdom yoga zinc zoology'
  ).split(' '),
);

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['ox', 'oxen'],
  ['man', 'men'],
  ['woman', 'women'],
  ['die', 'dice'],
  ['yes', 'yeses'],
  ['foot', 'feet'],
  ['eave', 'eaves'],
  ['goose', 'geese'],
  ['tooth', 'teeth'],
  ['quiz', 'quizzes'],
]);

/** In the order of the crate; the last that matches wins. The first group stays, the ending is appended to it. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/(\w*)s$/, 's'],
  [/(\w*([^aeiou]ese))$/, ''],
  [/(\w*(ax|test))is$/, 'es'],
  [/(\w*(alias|[^aou]us|tlas|gas|ris))$/, 'es'],
  [/(\w*(e[mn]u))s?$/, 's'],
  [/(\w*([^l]ias|[aeiou]las|[emjzr]as|[iu]am))$/, ''],
  [
    /(\w*(alumn|syllab|octop|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat))(?:us|i)$/,
    'i',
  ],
  [/(\w*(alumn|alg|vertebr))(?:a|ae)$/, 'ae'],
  [/(\w*(seraph|cherub))(?:im)?$/, 'im'],
  [/(\w*(her|at|gr))o$/, 'oes'],
  [
    /(\w*(agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor))(?:a|um)$/,
    'a',
  ],
  [
    /(\w*(apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat))(?:a|on)$/,
    'a',
  ],
  [/(\w*)sis$/, 'ses'],
  [/(\w*(kni|wi|li))fe$/, 'ves'],
  [/(\w*(ar|l|ea|eo|oa|hoo))f$/, 'ves'],
  [/(\w*([^aeiouy]|qu))y$/, 'ies'],
  [/(\w*([^ch][ieo][ln]))ey$/, 'ies'],
  [/(\w*(x|ch|ss|sh|zz)es)$/, ''],
  [/(\w*(x|ch|ss|sh|zz))$/, 'es'],
  [/(\w*(matr|cod|mur|sil|vert|ind|append))(?:ix|ex)$/, 'ices'],
  [/(\w*(m|l)(?:ice|ouse))$/, 'ice'],
  [/(\w*(pe)(?:rson|ople))$/, 'ople'],
  [/(\w*(child))(?:ren)?$/, 'ren'],
  [/(\w*eaux)$/, ''],
];

/** `to_plural` of Inflector 0.11, its oddities included (`mouse` becomes `mouseice`): clients have the names by heart. */
export function toPlural(word: string): string {
  if (UNCOUNTABLE.has(word)) return word;
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  for (let index = RULES.length - 1; index >= 0; index--) {
    const rule = RULES[index];
    const stem = rule?.[0].exec(word)?.[1];
    if (rule && stem !== undefined) return stem + rule[1];
  }
  return `${word}s`;
}

const isAlphanumeric = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);
const isNumeric = (char: string): boolean => /\p{N}/u.test(char);
const isLower = (char: string): boolean => /\p{Ll}/u.test(char);
const isUpper = (char: string): boolean => /\p{Lu}/u.test(char);

/** `to_camel_case` of Inflector 0.11: `DAOVote` becomes `daovote`, `ERC20Transfer` `erc20Transfer`. */
export function toCamelCase(name: string): string {
  const chars = [...name];
  while (chars.length > 0 && !isAlphanumeric(chars.at(-1) as string)) chars.pop();
  let newWord = false;
  // The last character that did not begin a word: beginnings are not remembered, as in the crate.
  let last = ' ';
  let begun = false;
  let result = '';
  for (const char of chars) {
    if (!isAlphanumeric(char)) {
      if (begun) newWord = true;
      continue;
    }
    if (isNumeric(char)) {
      newWord = true;
      result += char;
    } else if (newWord || (isLower(last) && isUpper(char))) {
      newWord = false;
      result += char.toUpperCase();
    } else {
      last = char;
      result += char.toLowerCase();
    }
    begun = true;
  }
  return result;
}

/** The root fields of a type: one entity by id, and the list. `_collection` keeps them apart where they would be equal. */
export function rootFieldNames(typeName: string): { readonly singular: string; readonly plural: string } {
  const singular = toCamelCase(typeName);
  const plural = toCamelCase(toPlural(typeName));
  return { singular, plural: plural === singular ? `${plural}_collection` : plural };
}
