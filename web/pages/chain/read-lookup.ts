// What somebody may mean by what they typed.

export type Lookup =
  | { readonly kind: 'hash' | 'address' | 'did'; readonly id: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'unclear'; readonly why: string };

export function readLookup(typed: string): Lookup {
  const text = typed.trim();
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1]?.toLowerCase();
  // Ids are copied with and without 0x.
  if (digits?.length === 64) return { kind: 'hash', id: `0x${digits}` };
  if (digits?.length === 40) return { kind: 'address', id: `0x${digits}` };
  const number = text.replaceAll(',', '');
  if (/^\d{1,9}$/.test(number)) return { kind: 'index', index: Number(number) };
  if (/^did:[a-z0-9]+:.+$/.test(text)) return { kind: 'did', id: text };
  return {
    kind: 'unclear',
    why:
      text === ''
        ? 'Type an id first.'
        : 'Expected 64 hexadecimal digits (a block or a transaction), 40 (an account), a DID, or a number.',
  };
}
