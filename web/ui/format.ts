// How values are written for people: amounts, counts, addresses, times. Pure functions; nothing here touches the page.

const TOKEN_DECIMALS = 18;
const counts = new Intl.NumberFormat('en-US');

/** 1234567 → `1,234,567`. */
export function formatCount(value: number | bigint): string {
  return counts.format(value);
}

/**
 * An amount in a token's smallest unit, written in the token: grouped, `digits` decimals at most, rounded down so that
 * nobody reads more than there is. `digits` of Infinity writes all of it.
 */
export function formatAmount(smallest: string | bigint, digits = 2, decimals = TOKEN_DECIMALS): string {
  const value = BigInt(smallest);
  const unit = 10n ** BigInt(decimals);
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % unit).toString().padStart(decimals, '0').slice(0, Math.min(digits, decimals));
  const shown = digits === Number.POSITIVE_INFINITY ? fraction.replace(/0+$/, '') : fraction;
  const sign = value < 0n ? '−' : '';
  return `${sign}${counts.format(magnitude / unit)}${shown ? `.${shown}` : ''}`;
}

const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumFractionDigits: 2,
  roundingMode: 'trunc',
} as Intl.NumberFormatOptions);

/** Like `formatAmount` without decimals, and from ten million on in millions and billions: for figures in little room. */
export function formatCompact(smallest: string | bigint, decimals = TOKEN_DECIMALS): string {
  const whole = BigInt(smallest) / 10n ** BigInt(decimals);
  return whole < 10_000_000n ? counts.format(whole) : compact.format(whole);
}

/** `12.5` AiOS → its smallest unit, as a decimal string. Null when the text is no positive amount. */
export function parseAmount(text: string, decimals = TOKEN_DECIMALS): string | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim().replaceAll(',', ''));
  const [, whole = '', fraction = ''] = match ?? [];
  if (!match || fraction.length > decimals) return null;
  const value = BigInt(whole + fraction.padEnd(decimals, '0'));
  return value > 0n ? value.toString() : null;
}

/** Basis points as a percentage: 750 → `7.5%`. */
export function formatBps(bps: number): string {
  return `${bps / 100}%`;
}

/** Shortens the middle: `0x1234…cdef`. Short texts stay whole. */
export function shorten(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

const steps: readonly [limit: number, seconds: number, unit: string][] = [
  [60, 1, 's'],
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [30 * 86_400, 86_400, 'd'],
  [365 * 86_400, 30 * 86_400, 'mo'],
  [Number.POSITIVE_INFINITY, 365 * 86_400, 'y'],
];

/** Seconds since the epoch, relative to `now`: `12 s ago`, `in 3 min`, `now`. */
export function formatAgo(at: number, now: number): string {
  const distance = Math.round(now - at);
  const size = Math.abs(distance);
  if (size < 2) return 'now';
  const [, seconds, unit] = steps.find(([limit]) => size < limit) ?? [0, 1, 's'];
  const text = `${Math.floor(size / seconds)} ${unit}`;
  return distance < 0 ? `in ${text}` : `${text} ago`;
}

const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Seconds since the epoch as a date and time in the reader's zone. */
export function formatAbsolute(at: number): string {
  return absolute.format(at * 1000);
}

/** Seconds since the epoch as a UTC day: `4 Nov`. */
export function formatDay(at: number): string {
  return day.format(at * 1000);
}

/** `1 community`, `2 communities`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
