// The SQL expressions of `@aggregate(arg: …)`: read into a tree that holds nothing but what graph-node allows, and written back as SQL
// from that tree alone, so that no text of a schema ever reaches PostgreSQL unread.

/** An expression over the fields of a timeseries. `sql` in it is one of this file's own constants, never the author's text. */
export type Expression =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'constant'; readonly sql: 'true' | 'false' | 'null' }
  | { readonly kind: 'unary'; readonly sql: '+' | '-' | 'not'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly sql: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'test'; readonly sql: string; readonly of: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'case';
      readonly operand?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly value: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: string };

/** What is wrong with an expression, without its place in the schema, which the caller knows. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Deterministic functions on numbers, and the conditional ones: PostgreSQL's, as graph-node allows them. */
export const FUNCTIONS = [
  'abs',
  'ceil',
  'ceiling',
  'div',
  'floor',
  'gcd',
  'lcm',
  'mod',
  'power',
  'sign',
  'coalesce',
  'nullif',
  'greatest',
  'least',
] as const;

/** Types that a value may be cast to, by each of their names. */
const TYPES: Readonly<Record<string, string>> = {
  int2: 'int2',
  smallint: 'int2',
  int4: 'int4',
  int: 'int4',
  integer: 'int4',
  int8: 'int8',
  bigint: 'int8',
  numeric: 'numeric',
  decimal: 'numeric',
  text: 'text',
  varchar: 'text',
  bool: 'boolean',
  boolean: 'boolean',
  bytea: 'bytea',
};

/** An author's expression is a line of text; these bounds keep its tree small enough to walk. */
const MAX_LENGTH = 2_000;
const MAX_DEPTH = 50;

const RESERVED: ReadonlySet<string> = new Set(
  'and or not is null true false distinct from case when then else end cast as in between like ilike similar select exists any all interval array collate at'.split(
    ' ',
  ),
);

interface Token {
  readonly kind: 'name' | 'quoted' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s+|(?<name>[A-Za-z_][A-Za-z0-9_]*)|"(?<quoted>(?:[^"]|"")+)"|(?<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|'(?<string>(?:[^']|'')*)'|(?<symbol>::|<->|<=>|<=|>=|<>|!=|\|\||[-+*/%^=<>(),.&|~!@#?[\]{};:])/y;

function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH)
    throw new ExpressionError(
      `the expression is longer than ${MAX_LENGTH} characters: compute it in the mapping`,
    );
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null)
      throw new ExpressionError(`cannot read the expression from \`${text.slice(at, at + 20)}\` on`);
    const { name, quoted, number, string, symbol } = found.groups ?? {};
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (symbol !== undefined) {
      if (found[0] === '-' && text[TOKEN.lastIndex] === '-')
        throw new ExpressionError('comments are not supported');
      tokens.push({ kind: 'symbol', text: symbol });
    }
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

/** PostgreSQL's levels of precedence, weakest first. */
const OR = 1;
const AND = 2;
const NOT = 3;
const IS = 4;
const COMPARISON = 5;
const SUM = 7;
const PRODUCT = 8;
const POWER = 9;

/** Operators by their symbol; `<->` is PostgreSQL's, and only geometric types have it. */
const BINARY: Readonly<Record<string, { readonly level: number; readonly sql: string }>> = {
  or: { level: OR, sql: 'or' },
  and: { level: AND, sql: 'and' },
  '=': { level: COMPARISON, sql: '=' },
  '!=': { level: COMPARISON, sql: '<>' },
  '<>': { level: COMPARISON, sql: '<>' },
  '<': { level: COMPARISON, sql: '<' },
  '<=': { level: COMPARISON, sql: '<=' },
  '>': { level: COMPARISON, sql: '>' },
  '>=': { level: COMPARISON, sql: '>=' },
  '+': { level: SUM, sql: '+' },
  '-': { level: SUM, sql: '-' },
  '*': { level: PRODUCT, sql: '*' },
  '/': { level: PRODUCT, sql: '/' },
  '%': { level: PRODUCT, sql: '%' },
  '^': { level: POWER, sql: '^' },
};

class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  parse(): Expression {
    const expression = this.#expression(0);
    const { kind, text } = this.#peek();
    if (kind !== 'end') {
      if (kind === 'symbol' || RESERVED.has(text.toLowerCase()))
        throw new ExpressionError(`\`${text}\` is not supported: ${SUPPORTED}`);
      throw new ExpressionError(`an operator is expected before \`${text}\``);
    }
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** True, and past it, when the next token is this symbol or keyword. */
  #accept(text: string): boolean {
    const token = this.#peek();
    const same =
      token.kind === 'symbol'
        ? token.text === text
        : token.kind === 'name' && token.text.toLowerCase() === text;
    if (same) this.#at++;
    return same;
  }

  #expect(text: string): void {
    if (this.#accept(text)) return;
    const { kind, text: found } = this.#peek();
    throw new ExpressionError(
      `\`${text}\` is expected ${kind === 'end' ? 'at the end of the expression' : `before \`${found}\``}`,
    );
  }

  /** Operators that bind more strongly than `level`, by precedence climbing. */
  #expression(level: number): Expression {
    if (++this.#depth > MAX_DEPTH)
      throw new ExpressionError(`the expression is nested deeper than ${MAX_DEPTH} levels: write it flatter`);
    let left = this.#operand();
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'symbol' && token.kind !== 'name') break;
      const word = token.text.toLowerCase();
      if (word === 'is' && token.kind === 'name') {
        if (IS <= level) break;
        this.#at++;
        left = this.#test(left);
        continue;
      }
      const operator = Object.hasOwn(BINARY, word) ? BINARY[word] : undefined;
      if (operator === undefined || operator.level <= level) break;
      this.#at++;
      const right = this.#expression(operator.level);
      left = { kind: 'binary', sql: operator.sql, left, right };
      const after = this.#peek();
      if (
        operator.level === COMPARISON &&
        after.kind === 'symbol' &&
        BINARY[after.text]?.level === COMPARISON
      )
        throw new ExpressionError(`comparisons cannot be chained: put parentheses around one of them`);
    }
    this.#depth--;
    return left;
  }

  /** `is [not] null | true | false`, `is [not] distinct from …`. */
  #test(of: Expression): Expression {
    const not = this.#accept('not') ? 'not ' : '';
    for (const word of ['null', 'true', 'false'])
      if (this.#accept(word)) return { kind: 'test', sql: `is ${not}${word}`, of };
    if (this.#accept('distinct')) {
      this.#expect('from');
      return { kind: 'binary', sql: `is ${not}distinct from`, left: of, right: this.#expression(IS) };
    }
    throw new ExpressionError(
      'after `is [not]` one of `null`, `true`, `false` and `distinct from` is expected',
    );
  }

  #operand(): Expression {
    let operand = this.#primary();
    while (this.#accept('::')) operand = { kind: 'cast', of: operand, type: this.#type() };
    return operand;
  }

  #primary(): Expression {
    const token = this.#next();
    switch (token.kind) {
      case 'end':
        throw new ExpressionError('an expression is expected, but the text ends');
      case 'number':
        return { kind: 'number', text: token.text };
      case 'string':
        return { kind: 'string', text: token.text };
      case 'quoted':
        return { kind: 'field', name: token.text };
      case 'symbol':
        if (token.text === '(') {
          const inner = this.#expression(0);
          this.#expect(')');
          return inner;
        }
        // A sign binds more strongly than any operator with two sides, `^` included.
        if (token.text === '-' || token.text === '+')
          return { kind: 'unary', sql: token.text, of: this.#operand() };
        throw new ExpressionError(`\`${token.text}\` is not supported here: ${SUPPORTED}`);
      case 'name':
        return this.#named(token.text);
    }
  }

  #named(text: string): Expression {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false' || word === 'null') return { kind: 'constant', sql: word };
    if (word === 'not') return { kind: 'unary', sql: 'not', of: this.#expression(NOT) };
    if (word === 'case') return this.#case();
    if (word === 'cast') {
      this.#expect('(');
      const of = this.#expression(0);
      this.#expect('as');
      const type = this.#type();
      this.#expect(')');
      return { kind: 'cast', of, type };
    }
    if (this.#accept('(')) return this.#call(text);
    if (RESERVED.has(word)) throw new ExpressionError(`\`${text}\` is not supported here: ${SUPPORTED}`);
    return { kind: 'field', name: text };
  }

  #call(text: string): Expression {
    const name = FUNCTIONS.find((known) => known === text.toLowerCase());
    if (name === undefined)
      throw new ExpressionError(`Function ${text} is not supported: use one of ${FUNCTIONS.join(', ')}`);
    const args: Expression[] = [];
    if (!this.#accept(')')) {
      do args.push(this.#expression(0));
      while (this.#accept(','));
      this.#expect(')');
    }
    return { kind: 'call', name, args };
  }

  #case(): Expression {
    const next = this.#peek();
    const operand =
      next.kind === 'name' && next.text.toLowerCase() === 'when' ? undefined : this.#expression(0);
    const branches: { when: Expression; value: Expression }[] = [];
    while (this.#accept('when')) {
      const when = this.#expression(0);
      this.#expect('then');
      branches.push({ when, value: this.#expression(0) });
    }
    if (branches.length === 0) throw new ExpressionError('`case` needs at least one `when … then …`');
    const otherwise = this.#accept('else') ? this.#expression(0) : undefined;
    this.#expect('end');
    return { kind: 'case', ...(operand && { operand }), branches, ...(otherwise && { otherwise }) };
  }

  #type(): string {
    const { kind, text } = this.#next();
    const word = text.toLowerCase();
    const type = kind === 'name' && Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
    if (type === undefined)
      throw new ExpressionError(
        `a cast to \`${text}\` is not supported: use one of ${Object.keys(TYPES).join(', ')}`,
      );
    if (type !== 'numeric' || !this.#accept('(')) return type;
    const numbers = [this.#count()];
    if (this.#accept(',')) numbers.push(this.#count());
    this.#expect(')');
    return `numeric(${numbers.join(', ')})`;
  }

  #count(): string {
    const { kind, text } = this.#next();
    if (kind === 'number' && /^\d{1,4}$/.test(text)) return text;
    throw new ExpressionError('`numeric(precision, scale)` takes whole numbers');
  }
}

const SUPPORTED =
  'expressions have fields, constants, + - * / % ^, comparisons, and, or, not, is, case, casts and a few functions';

/**
 * Reads an `arg`.
 *
 * @throws ExpressionError saying what is wrong or not supported
 */
export function parseExpression(text: string): Expression {
  return new ExpressionParser(text).parse();
}

/** The fields that an expression names, each once, in order of appearance. */
export function fieldsOf(expression: Expression): string[] {
  const found = new Set<string>();
  const visit = (one: Expression): void => {
    if (one.kind === 'field') found.add(one.name);
    else for (const part of partsOf(one)) visit(part);
  };
  visit(expression);
  return [...found];
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'unary':
    case 'test':
    case 'cast':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.args;
    case 'case':
      return [
        ...(expression.operand ? [expression.operand] : []),
        ...expression.branches.flatMap(({ when, value }) => [when, value]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    default:
      return [];
  }
}

/** An expression as SQL, with parentheses wherever precedence might matter. `columnOf` gives the SQL of a field. */
export function expressionSql(expression: Expression, columnOf: (field: string) => string): string {
  const sql = (one: Expression): string => {
    switch (one.kind) {
      case 'field':
        return columnOf(one.name);
      case 'number':
        return one.text;
      case 'string':
        return `'${one.text.replaceAll("'", "''")}'`;
      case 'constant':
        return one.sql;
      case 'unary':
        return `(${one.sql} ${sql(one.of)})`;
      case 'binary':
        return `(${sql(one.left)} ${one.sql} ${sql(one.right)})`;
      case 'test':
        return `(${sql(one.of)} ${one.sql})`;
      case 'call':
        return `${one.name}(${one.args.map(sql).join(', ')})`;
      case 'case': {
        const branches = one.branches
          .map(({ when, value }) => ` when ${sql(when)} then ${sql(value)}`)
          .join('');
        const operand = one.operand ? ` ${sql(one.operand)}` : '';
        return `(case${operand}${branches}${one.otherwise ? ` else ${sql(one.otherwise)}` : ''} end)`;
      }
      case 'cast':
        return `(${sql(one.of)})::${one.type}`;
    }
  };
  return sql(expression);
}
