// What kind of chain this is, the accounts the devnet signs for, and the viewer's own addresses.
import { useQuery } from '@apollo/client/react';
import { useSession } from '../app/session-context.tsx';
import { MeDocument, PlatformDocument } from '../generated/graphql.ts';

const LAST_KEY = 'aios.from';

export function usePlatform() {
  return useQuery(PlatformDocument).data?.platform;
}

/** The viewer's addresses; on the devnet the first is the one that acts for them. Empty when signed out. */
export function useOwnAddresses(): readonly string[] {
  const { session } = useSession();
  return useQuery(MeDocument, { skip: !session }).data?.me?.account.addresses ?? [];
}

/** The devnet account last acted from, when it is still one of them. */
export function lastFrom(accounts: readonly { readonly address: string }[]): string | undefined {
  try {
    const last = localStorage.getItem(LAST_KEY);
    return accounts.find(({ address }) => address === last)?.address;
  } catch {
    return undefined;
  }
}

export function rememberFrom(address: string): void {
  try {
    localStorage.setItem(LAST_KEY, address);
  } catch {
    // Only a convenience.
  }
}
