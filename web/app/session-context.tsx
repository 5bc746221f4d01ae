// Who is signed in, and how any page asks for it.
import { createContext, useContext, useSyncExternalStore } from 'react';
import { type Session, session } from '../client/session.ts';

/** Opens the sign-in dialog. */
export const SignInContext = createContext<() => void>(() => undefined);

export function useSession(): { readonly session: Session | null; readonly signIn: () => void } {
  return { session: useSyncExternalStore(session.subscribe, session.get), signIn: useContext(SignInContext) };
}
