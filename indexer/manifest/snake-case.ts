// Names of tables and columns, made exactly as graph-node makes them, so that dumps and hand-written SQL carry over.

const isSeparator = (char: string): boolean => !/[\p{L}\p{N}]/u.test(char);
/** As the source has it: what upper-casing (ASCII) leaves alone, digits and non-ASCII letters included. */
const isUpper = (char: string): boolean => !(char >= 'a' && char <= 'z');
const isLower = (char: string | undefined): boolean => char !== undefined && /\p{Ll}/u.test(char);

/**
 * `to_snake_case` of the Rust crate Inflector 0.11, which graph-node applies to type and field names. Digits count as capitals
 * (`token0` becomes `token_0`) and outer underscores vanish (`_id` becomes `id`).
 */
export function toSnakeCase(name: string): string {
  const chars = [...name];
  while (chars.length > 0 && isSeparator(chars.at(-1) as string)) chars.pop();
  let atWordStart = true;
  let result = '';
  chars.forEach((char, index) => {
    if (isSeparator(char)) {
      if (!atWordStart) result += '_';
      atWordStart = true;
      return;
    }
    // Inflector looks at the neighbours in the untrimmed name.
    if (!atWordStart && isUpper(char) && (isLower([...name][index + 1]) || isLower(chars[index - 1]))) {
      result += '_';
    }
    atWordStart = false;
    result += char.toLowerCase();
  });
  return result;
}
