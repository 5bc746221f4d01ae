// The frame around every page.
import { useQuery } from '@apollo/client/react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import { connection } from '../client/connection.ts';
import { PlatformDocument } from '../generated/graphql.ts';
import { shorten } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { KeysDialog, useKeys } from './keys.tsx';
import { SearchBox } from './search-box.tsx';
import { SignInContext, useSession } from './session-context.tsx';
import { theme } from './theme.ts';

const SignInDialog = lazy(() => import('./sign-in-dialog.tsx').then((m) => ({ default: m.SignInDialog })));

const places: readonly [path: string, name: string, icon: IconName][] = [
  ['/', 'Home', 'home'],
  ['/directory', 'Directory', 'directory'],
  ['/market', 'Market', 'market'],
  ['/chain', 'Chain', 'chain'],
  ['/studio', 'Studio', 'studio'],
  ['/prover', 'Prover', 'proof'],
  ['/status', 'Status', 'status'],
  ['/graphiql', 'GraphiQL', 'query'],
];

export function Shell({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<'keys' | 'session' | null>(null);
  const { pathname } = useLocation();
  useKeys(() => setOpen('keys'));
  useEffect(() => {
    if (pathname) window.scrollTo(0, 0);
  }, [pathname]);
  const close = () => setOpen(null);

  return (
    <SignInContext value={() => setOpen('session')}>
      <div className="shell">
        <a className="skip" href="#main">
          Skip to content
        </a>
        <div className="side">
          <Brand />
          <nav className="nav" aria-label="Pages">
            {places.map(([path, name, icon]) => (
              <NavLink key={path} to={path} end={path === '/'}>
                <Icon name={icon} />
                {name}
              </NavLink>
            ))}
          </nav>
          <SideFoot onKeys={() => setOpen('keys')} />
        </div>
        <div>
          <header className="top">
            <Brand />
            <SearchBox />
            <ThemeButton />
            <SessionButton />
          </header>
          <main id="main" tabIndex={-1}>
            <ErrorBoundary resetKey={pathname}>{children}</ErrorBoundary>
          </main>
        </div>
        <Lost />
        {open === 'keys' && <KeysDialog onClose={close} />}
        {open === 'session' && (
          <Suspense fallback={null}>
            <SignInDialog onClose={close} />
          </Suspense>
        )}
      </div>
    </SignInContext>
  );
}

function Brand() {
  return (
    <Link className="brand" to="/" aria-label="AiOS Studio, home">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M16 3 28 10v12l-12 7L4 22V10Zm0 4.1L7.6 12v8l8.4 4.9 8.4-4.9v-8Z" />
        <circle cx="16" cy="16" r="4" />
      </svg>
      <span>AiOS Studio</span>
    </Link>
  );
}

function SideFoot({ onKeys }: { readonly onKeys: () => void }) {
  const { data } = useQuery(PlatformDocument);
  const state = useSyncExternalStore(connection.subscribe, connection.get);
  const platform = data?.platform;
  return (
    <div className="side-foot">
      <span title={platform ? `AiOS Studio ${platform.version}` : undefined}>
        <span className={state === 'open' ? 'dot dot-ok' : state === 'lost' ? 'dot dot-warn' : 'dot'} />
        {state === 'open' ? 'Live' : state === 'lost' ? 'Reconnecting' : 'Connecting'}
        {platform && (
          <span className="muted">
            {platform.devnet ? 'devnet' : 'chain'} {platform.chainId}
          </span>
        )}
      </span>
      <button type="button" onClick={onKeys}>
        Keyboard <kbd>?</kbd>
      </button>
    </div>
  );
}

function ThemeButton() {
  const chosen = useSyncExternalStore(theme.subscribe, theme.get);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Colour scheme: ${chosen}`}
      title={`Colour scheme: ${chosen}`}
      onClick={() => theme.cycle()}
    >
      <Icon name={chosen} />
    </button>
  );
}

function SessionButton() {
  const { session, signIn } = useSession();
  return session ? (
    <button type="button" className="button session" title={session.did} onClick={signIn}>
      <span className="visually-hidden">Your session: </span>
      {shorten(session.did.replace(/^did:(aios|pkh):/, ''), 6, 4)}
    </button>
  ) : (
    <button type="button" className="button" onClick={signIn}>
      Sign in
    </button>
  );
}

/** Says so when live updates have been away for more than a blink. */
function Lost() {
  const state = useSyncExternalStore(connection.subscribe, connection.get);
  const [shown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    if (state !== 'lost') setShown(false);
    else timer.current = setTimeout(() => setShown(true), 2500);
    return () => clearTimeout(timer.current);
  }, [state]);
  return (
    <div role="status">
      {shown && (
        <div className="lost">
          <span className="dot dot-warn" /> Live updates are away. Reconnecting…
        </div>
      )}
    </div>
  );
}
