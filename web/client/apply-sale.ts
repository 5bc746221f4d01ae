// One sale event applied to a list of sales.

/**
 * The list after the event of sale `id`: newest first, no sale twice, at most `limit`. A null `sale` takes it out again,
 * because a reorganisation undid it.
 */
export function applySale<Sale extends { readonly id: string }>(
  sales: readonly Sale[],
  id: string,
  sale: Sale | null,
  limit: number,
): readonly Sale[] {
  const others = sales.filter((one) => one.id !== id);
  return sale ? [sale, ...others].slice(0, limit) : others;
}
