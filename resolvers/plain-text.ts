// Text that strangers wrote, as it may be shown.

/** Uniform line ends, trimmed, without control and bidirectional-override characters: those can make a page show something else than was written. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (char) =>
      char === '\n' || char === '\t' ? char : '',
    )
    .trim();
}
