// Names for prepared statements: the same text gets the same name, so that PostgreSQL parses and plans it once a connection.

/** Statements are kept by every connection until it closes, so only the first so many texts get a name. */
const MAX_NAMES = 1_000;

const names = new Map<string, string>();

/** The name of a statement, or undefined when it shall be parsed every time. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = `query_${names.size}`;
  names.set(text, name);
  return name;
}
