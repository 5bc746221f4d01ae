// Keyboard shortcuts and the list of them.
import { useEffect, useRef } from 'react';
import { type NavigateFunction, useNavigate } from 'react-router';
import { Dialog } from '../ui/dialog.tsx';
import { theme } from './theme.ts';

const places: Readonly<Record<string, readonly [path: string, name: string]>> = {
  h: ['/', 'Home'],
  d: ['/directory', 'Directory'],
  m: ['/market', 'Market'],
  c: ['/chain', 'Chain'],
  a: ['/studio', 'Studio'],
  p: ['/prover', 'Prover'],
  s: ['/status', 'Status'],
  q: ['/graphiql', 'GraphiQL'],
};

/** After `g`, how long the second key may take. */
const SEQUENCE_MS = 1200;

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest('.graphiql-container') !== null)
  );
}

/** Moves focus `by` rows through the links of the page's tables. */
function moveRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main .row-link')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
}

function act(key: string, after: string | null, navigate: NavigateFunction, showKeys: () => void): boolean {
  if (after === 'g') {
    const place = places[key];
    if (place) void navigate(place[0]);
    return place !== undefined;
  }
  switch (key) {
    case '/':
      document.querySelector<HTMLInputElement>('#search')?.focus();
      return true;
    case '?':
      showKeys();
      return true;
    case 'j':
      moveRow(1);
      return true;
    case 'k':
      moveRow(-1);
      return true;
    case 'c':
      void navigate('/networks/new');
      return true;
    case 't':
      theme.cycle();
      return true;
    default:
      return false;
  }
}

/** Listens for the shortcuts while the frame is shown. Keys typed into a field, or while a dialog is open, are left alone. */
export function useKeys(showKeys: () => void): void {
  const navigate = useNavigate();
  const show = useRef(showKeys);
  show.current = showKeys;
  useEffect(() => {
    let pending: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (writing(event.target) || document.querySelector('dialog[open]')) return;
      const after = pending;
      pending = null;
      clearTimeout(timer);
      if (event.key === 'g' && after === null) {
        pending = 'g';
        timer = setTimeout(() => {
          pending = null;
        }, SEQUENCE_MS);
        return;
      }
      if (act(event.key, after, navigate, () => show.current())) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      clearTimeout(timer);
    };
  }, [navigate]);
}

const shortcuts: readonly [what: string, keys: readonly string[]][] = [
  ['Search networks', ['/']],
  ['Next row, previous row', ['j', 'k']],
  ['Open the row', ['Enter']],
  ['Create a network', ['c']],
  ...Object.entries(places).map(([key, [, name]]): [string, readonly string[]] => [
    `Go to ${name}`,
    ['g', key],
  ]),
  ['Colour scheme', ['t']],
  ['Close, leave the field', ['Esc']],
  ['This list', ['?']],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="keys">
        {shortcuts.map(([what, keys]) => (
          <div key={what} style={{ display: 'contents' }}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
