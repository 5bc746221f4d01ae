// Source text with line numbers and colour, to read or to edit: the browser's own text field over a coloured copy of what is in it, so that
// selection, undo, search and screen readers work as everywhere. Tab leaves the field; Enter keeps the indentation.
import { type KeyboardEvent, useMemo } from 'react';
import { syntaxOf, tokensOf } from './syntax.ts';
import './code-editor.css';

export interface CodeEditorProps {
  readonly path: string;
  readonly text: string;
  /** Without it the text is only shown. */
  readonly onChange?: (text: string) => void;
  /** What the field is called; the path when left out. */
  readonly label?: string;
  readonly invalid?: boolean;
  /** Lines that are there even when the text is shorter. */
  readonly lines?: number;
}

/** What Enter puts in: the line's own indentation, one more after an opening bracket or colon. */
function indentAfter(before: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const own = /^[ \t]*/.exec(line)?.[0] ?? '';
  const deeper = /[{[(:]\s*$/.test(line) ? (own.includes('\t') ? '\t' : '  ') : '';
  return `\n${own}${deeper}`;
}

export function CodeEditor({ path, text, onChange, label, invalid = false, lines = 1 }: CodeEditorProps) {
  const tokens = useMemo(() => tokensOf(text, syntaxOf(path)), [text, path]);
  const count = Math.max(lines, text.split('\n').length);
  const numbers = useMemo(() => Array.from({ length: count }, (_, line) => line + 1).join('\n'), [count]);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey) return;
    const { selectionStart } = event.currentTarget;
    const added = indentAfter(event.currentTarget.value.slice(0, selectionStart));
    if (added === '\n') return;
    event.preventDefault();
    // The only way to change a field that its undo knows of.
    document.execCommand('insertText', false, added);
  }

  const content = (
    <>
      <pre className="code-lines" aria-hidden="true">
        {numbers}
      </pre>
      <div className="code-text">
        <pre aria-hidden={onChange ? true : undefined}>
          {tokens.map((token, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity but their place
            <span key={index} className={token.kind === 'plain' ? undefined : `code-${token.kind}`}>
              {token.text}
            </span>
          ))}
          {'\n'.repeat(Math.max(1, lines - text.split('\n').length + 1))}
        </pre>
        {onChange && (
          <textarea
            aria-label={label ?? path}
            aria-invalid={invalid || undefined}
            value={text}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            wrap="off"
            onKeyDown={onKeyDown}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </div>
    </>
  );
  return onChange ? (
    <div className={invalid ? 'code code-invalid' : 'code'}>{content}</div>
  ) : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="code" tabIndex={0} aria-label={label ?? path}>
      {content}
    </section>
  );
}
