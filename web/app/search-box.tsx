// The search field on top of every page. On the directory it filters as one types; elsewhere Enter opens the directory,
// or at once the account when the text is an address.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { Icon } from '../ui/icons.tsx';

/** Typing settles for this long before the directory searches again. */
const SETTLE_MS = 160;

export function SearchBox() {
  const navigate = useNavigate();
  const onDirectory = useLocation().pathname === '/directory';
  const [params, setParams] = useSearchParams();
  const inUrl = onDirectory ? (params.get('q') ?? '') : '';
  const [text, setText] = useState(inUrl);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);

  // The URL leads: back, forward and links change the field.
  useEffect(() => setText(inUrl), [inUrl]);
  useEffect(() => () => clearTimeout(settle.current), []);

  function put(query: string): void {
    setParams(
      (previous) => {
        const next = new URLSearchParams(previous);
        next.delete('after');
        if (query) next.set('q', query);
        else next.delete('q');
        return next;
      },
      { replace: true },
    );
  }

  function type(value: string): void {
    setText(value);
    clearTimeout(settle.current);
    if (onDirectory) settle.current = setTimeout(() => put(value.trim()), SETTLE_MS);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    clearTimeout(settle.current);
    const query = text.trim();
    if (/^0x[0-9a-f]{40}$/i.test(query)) void navigate(`/accounts/${query.toLowerCase()}`);
    else if (onDirectory) put(query);
    else void navigate(query ? `/directory?q=${encodeURIComponent(query)}` : '/directory');
  }

  return (
    <search className="search">
      <form onSubmit={submit}>
        <Icon name="search" />
        <input
          id="search"
          className="input"
          type="search"
          name="q"
          value={text}
          placeholder="Search networks or an address"
          aria-label="Search networks or an address"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <kbd title="Press / to search">/</kbd>
      </form>
    </search>
  );
}
