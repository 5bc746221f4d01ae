// The newest sales, kept by the event stream: each sale enters once and in order, a sale undone by a reorganisation
// leaves again, and after a lost connection the list is read anew so that nothing is missing from it.
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import {
  type Sale_Filter,
  SaleEventsDocument,
  type SaleRowFragment,
  SalesDocument,
} from '../generated/graphql.ts';
import { applySale } from './apply-sale.ts';
import { connection } from './connection.ts';

/** At most `first` sales that `where` lets through. The stream knows all sales; `matches` is `where` for one of them. */
export function useSales(first: number, where?: Sale_Filter, matches?: (sale: SaleRowFragment) => boolean) {
  const client = useApolloClient();
  const key = JSON.stringify({ first, where });
  const result = useQuery(SalesDocument, { variables: { first, where }, fetchPolicy: 'cache-and-network' });
  const { refetch } = result;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `first` and `where` by value; `matches` follows `where`
  useEffect(() => {
    const variables = { first, where };
    const events = client
      .subscribe({ query: SaleEventsDocument, variables: {}, fetchPolicy: 'no-cache' })
      .subscribe({
        next({ data }) {
          if (!data) return;
          const { saleId, sale, reverted } = data.saleEvents;
          if (!reverted && (!sale || (matches && !matches(sale)))) return;
          client.cache.updateQuery({ query: SalesDocument, variables }, (shown) =>
            shown ? { sales: [...applySale(shown.sales, saleId, reverted ? null : sale, first)] } : shown,
          );
        },
        // The list stands without the stream; the connection's own mark says that it is not live.
        error: () => undefined,
      });
    let opened = connection.get() === 'open';
    const stop = connection.subscribe(() => {
      const open = connection.get() === 'open';
      if (open && !opened) void refetch().catch(() => undefined);
      opened = open;
    });
    return () => {
      events.unsubscribe();
      stop();
    };
  }, [client, key, refetch]);

  return {
    sales: result.data?.sales,
    loading: result.loading && !result.data,
    error: result.data ? undefined : result.error,
    refetch,
  };
}
