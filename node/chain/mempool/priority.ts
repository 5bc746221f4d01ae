// Which transaction goes first. The paper's formula, stake / (1 + α·age), sends a transaction back the longer it waits; its text means the
// opposite, and so does this: fee · weight(stake) · (1 + α·age).

/** Per round. What pays a tenth goes before what is new after 90 rounds: without end, so that nothing that pays at all waits for ever. */
export const AGE_WEIGHT = 0.1;

/**
 * @param feePerByte what the transaction pays in all, over its encoded bytes: those are what a block has least of
 * @param stakeShare stake of the sender over the least stake of a validator
 * @param age rounds since it came
 * @returns grows with each of them, with the age without bound
 */
export function priority(feePerByte: number, stakeShare: number, age: number): number {
  return aged(worthOf(feePerByte, stakeShare), age);
}

/** The priority of what is new. Stake counts up to double: who has none is never starved by who has much. */
export function worthOf(feePerByte: number, stakeShare: number): number {
  return feePerByte * (1 + Math.min(Math.max(stakeShare, 0), 1));
}

/** The priority of what is worth so much when it is new. */
export function aged(worth: number, age: number): number {
  return worth * (1 + AGE_WEIGHT * Math.max(age, 0));
}
