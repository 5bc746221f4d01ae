// Where the viewer may deploy: networks they own or have a role in, with their environments; and the licences they hold.
import { useOwnAddresses } from '../actions/use-platform.ts';
import { useLive } from '../client/use-live.ts';
import { OwnLicencesDocument, OwnPlacesDocument } from '../generated/graphql.ts';

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly environments: readonly { readonly id: string; readonly name: string }[];
}

/** Roles that let the holder of a licence deploy. */
const DEPLOYING: ReadonlySet<string> = new Set(['ADMIN', 'OPERATOR', 'MEMBER']);

export function usePlaces() {
  const addresses = useOwnAddresses();
  const { data, error, refetch } = useLive(
    OwnPlacesDocument,
    { addresses: [...addresses] },
    { skip: addresses.length === 0 },
  );
  const places = new Map<string, Place>();
  for (const network of data?.networks ?? []) places.set(network.id, network);
  for (const { roles, network } of data?.members ?? [])
    if (roles.some((role) => DEPLOYING.has(role)) && !places.has(network.id)) places.set(network.id, network);
  return { places: data && [...places.values()], error, refetch };
}

export function useOwnLicences() {
  const addresses = useOwnAddresses();
  const { data, error, refetch } = useLive(
    OwnLicencesDocument,
    { addresses: [...addresses] },
    { skip: addresses.length === 0 },
  );
  return { licences: data?.licences, error, refetch };
}
