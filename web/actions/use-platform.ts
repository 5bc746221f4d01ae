// What kind of chain this is, and the accounts the devnet signs for.
import { useQuery } from '@apollo/client/react';
import { PlatformDocument } from '../generated/graphql.ts';

const LAST_KEY = 'aios.from';

export function usePlatform() {
  return useQuery(PlatformDocument).data?.platform;
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
