// Ids of a record's transactions on disk: apart from the record, so that a look-up reads one page.
import { ID_BYTES } from './packed-record.ts';
import { keyOf, PAGE_BYTES, sealed, type Tables, unsealed } from './tables.ts';

const idsOfPage = Math.floor(PAGE_BYTES / ID_BYTES);
const pageBytes = idsOfPage * ID_BYTES;

export function putIds(tables: Tables, index: number, ids: Uint8Array): void {
  for (let page = 0; page * pageBytes < ids.length; page++) {
    const key = keyOf(index, page);
    tables.transactions.putSync(key, sealed(key, ids.subarray(page * pageBytes, (page + 1) * pageBytes)));
  }
}

/** All ids of a record. @throws AiosError STORE_CORRUPT */
export function readIds(tables: Tables, index: number): Uint8Array {
  const pages: Uint8Array[] = [];
  for (let page = 0; ; page++) {
    const ids = unsealed(tables, 'transactions', keyOf(index, page));
    if (!ids) break;
    pages.push(Uint8Array.prototype.slice.call(ids));
    if (ids.length < pageBytes) break;
  }
  return new Uint8Array(Buffer.concat(pages));
}

/** A view of one of them: good until the next look-up. @throws AiosError STORE_CORRUPT */
export function readId(tables: Tables, index: number, place: number): Uint8Array | undefined {
  const page = unsealed(tables, 'transactions', keyOf(index, Math.floor(place / idsOfPage)));
  const at = (place % idsOfPage) * ID_BYTES;
  return page && at < page.length ? page.subarray(at, at + ID_BYTES) : undefined;
}
