// Reads SSZ objects of the protocol from bytes that anybody may have sent.
import type { Type } from '@chainsafe/ssz';
import { Malformed } from './malformed.ts';

/**
 * The object that the bytes are. One encoding each: bytes that are read but would be written otherwise are refused.
 * @throws Malformed; never anything else
 */
export function readSsz<Value>(type: Type<Value>, bytes: Uint8Array, object: string, most: number): Value {
  if (bytes.length > most) throw new Malformed(object, 0, `it has ${bytes.length} bytes, more than ${most}`);
  let value: Value;
  try {
    value = type.deserialize(bytes);
  } catch (error) {
    throw new Malformed(object, 0, (error as Error).message);
  }
  if (Buffer.compare(type.serialize(value), bytes) !== 0)
    throw new Malformed(object, 0, 'its bytes are not in the one form that it has');
  return value;
}
