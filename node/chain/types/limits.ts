// How large anything may be that comes from outside, and why. Part of the protocol: all nodes must refuse the same.

/** Of one transaction. 64 operations of the largest kind that may stand together take 2 KB; evidence is larger and stands alone. */
export const MAX_TRANSACTION_BYTES = 8_192;
/** Operations of one signed envelope: what makes one signature carry many payments. More would let one transaction fill a block. */
export const MAX_OPERATIONS = 64;
/** A DID and the address of its document, in UTF-8. */
export const MAX_DID_BYTES = 128;
/** Two votes or two headers with their signatures, and room to spare. */
export const MAX_EVIDENCE_BYTES = 4_096;
/** Amounts are nano-AiOS (10⁻⁹): 64 bits hold 18 times the supply of 10⁹ AiOS. Ethereum's 18 digits are made of them at the RPC. */
export const MAX_AMOUNT = 2n ** 64n - 1n;
/** Parents that a block may name: two rounds of four proposers. */
export const MAX_PARENTS = 8;
/** Who may vote at once: the richest, when more have the least stake. A certificate has a bit for each. */
export const MAX_VALIDATORS = 1_024;
/** Certificates that a block may bring: those of a few epochs, when several were missed. */
export const MAX_CERTIFICATES = 8;
/** Of an encoded block. What a round of four may bring is then at most 16 MB. */
export const MAX_BLOCK_BYTES = 4_194_304;
/** Operations in a block: what one core executes well within a round. */
export const MAX_BLOCK_OPERATIONS = 32_768;
