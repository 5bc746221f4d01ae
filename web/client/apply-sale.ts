// One sale event applied to a list of sales.

/** The list after one event: newest first, no sale twice, at most `limit`. */
export function applySale<Sale extends { readonly id: string }>(
  sales: readonly Sale[],
  sale: Sale,
  reverted: boolean,
  limit: number,
): readonly Sale[] {
  const others = sales.filter((one) => one.id !== sale.id);
  return reverted ? others : [sale, ...others].slice(0, limit);
}
