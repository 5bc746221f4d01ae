// What the oracle looks for.

/** Two answers that should be one; the message is all there is to say. */
export class Difference extends Error {}

/** @throws Difference showing what was asked and where the texts part */
export function requireEqual(asked: string, theirs: string, ours: string): void {
  if (theirs === ours) return;
  let at = 0;
  while (at < theirs.length && theirs[at] === ours[at]) at += 1;
  const show = (text: string) =>
    text.length < 2_000 ? text : `…${text.slice(Math.max(0, at - 300), at + 700)}…`;
  throw new Difference(
    `${asked}\n\ngraph-node: ${show(theirs)}\n\nours:       ${show(ours)}\n\nthey part at character ${at}`,
  );
}
