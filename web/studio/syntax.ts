// Tokens of source text, for colour only: enough of JavaScript, TypeScript, Python and JSON to be read more easily, never to be judged by.

export type TokenKind = 'plain' | 'comment' | 'string' | 'number' | 'word' | 'key';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export type Syntax = 'javascript' | 'python' | 'json' | 'plain';

/** Above this, colouring on each key would be felt. */
const MOST_CHARACTERS = 60_000;

const words = (text: string) => new Set(text.split(' '));
const WORDS: Readonly<Record<'javascript' | 'python' | 'json', ReadonlySet<string>>> = {
  javascript: words(
    'as async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof interface let new null of readonly return satisfies static super switch this throw true try type typeof undefined var void while yield',
  ),
  python: words(
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield',
  ),
  json: words('true false null'),
};

// Every alternative is linear: a quote that is never closed ends with its line.
const PATTERNS: Readonly<Record<'javascript' | 'python' | 'json', RegExp>> = {
  javascript:
    /(?<comment>\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?)|(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|(?<number>\b\d[\w.]*)|(?<word>[A-Za-z_$][\w$]*)/g,
  python:
    /(?<comment>#[^\n]*)|(?<string>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)|(?<number>\b\d[\w.]*)|(?<word>[A-Za-z_]\w*)/g,
  json: /(?<key>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\\n]|\\.)*"?)|(?<number>-?\b\d[\d.eE+-]*)|(?<word>[a-z]+)/g,
};

/** By the name's end. */
export function syntaxOf(path: string): Syntax {
  if (/\.[cm]?[jt]s$/.test(path)) return 'javascript';
  if (path.endsWith('.py')) return 'python';
  return path.endsWith('.json') ? 'json' : 'plain';
}

/** The text in tokens; joined, they are the text. */
export function tokensOf(text: string, syntax: Syntax): readonly Token[] {
  if (syntax === 'plain' || text.length > MOST_CHARACTERS) return [{ kind: 'plain', text }];
  const known = WORDS[syntax];
  const tokens: Token[] = [];
  let plainFrom = 0;
  for (const match of text.matchAll(PATTERNS[syntax])) {
    const [found] = match;
    const kind = (Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ??
      'plain') as TokenKind;
    if (kind === 'word' && !known.has(found)) continue;
    if (match.index > plainFrom) tokens.push({ kind: 'plain', text: text.slice(plainFrom, match.index) });
    tokens.push({ kind, text: found });
    plainFrom = match.index + found.length;
  }
  if (plainFrom < text.length) tokens.push({ kind: 'plain', text: text.slice(plainFrom) });
  return tokens;
}
