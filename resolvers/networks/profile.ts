// What a network says about itself off chain, and what of it is accepted.
import { AiosError } from '#node/platform/errors.ts';
import { plainText } from '../plain-text.ts';

export interface NetworkProfile {
  readonly description: string | null;
  readonly site: string | null;
  readonly tags: readonly string[];
  readonly logoCid: string | null;
  readonly updatedAt: Date;
}

/** A change: what is absent (undefined) stays, null clears. */
export interface ProfileChange {
  readonly description?: string | null;
  readonly site?: string | null;
  readonly tags?: readonly string[] | null;
  readonly logoCid?: string | null;
}

export const limits = { description: 2_000, site: 300, tags: 16, tag: 32 } as const;

const refuse = (field: string, message: string) =>
  new AiosError('INVALID_PROFILE', message, { details: { field } });

/**
 * Checks and normalises a change.
 * @throws AiosError INVALID_PROFILE; `details.field` names the field.
 */
export function normaliseProfile(change: ProfileChange): ProfileChange {
  const { description, site, tags, logoCid } = change;
  return {
    ...(description !== undefined && { description: normaliseDescription(description) }),
    ...(site !== undefined && { site: normaliseSite(site) }),
    ...(tags !== undefined && { tags: normaliseTags(tags ?? []) }),
    ...(logoCid !== undefined && { logoCid: normaliseCid(logoCid) }),
  };
}

function normaliseDescription(text: string | null): string | null {
  const clean = text && plainText(text);
  if (!clean) return null;
  if (clean.length > limits.description) {
    throw refuse(
      'description',
      `The description has ${clean.length} characters; at most ${limits.description} are kept. Shorten it.`,
    );
  }
  return clean;
}

function normaliseSite(text: string | null): string | null {
  const trimmed = text?.trim();
  if (!trimmed) return null;
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    throw refuse('site', 'The site is not a URL. Write it in full, such as https://example.org.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse('site', `The site must start with http:// or https://, not ${url.protocol}`);
  }
  if (url.username || url.password)
    throw refuse('site', 'The site must not contain a user name or password.');
  if (url.href.length > limits.site) {
    throw refuse('site', `The site has ${url.href.length} characters; at most ${limits.site} are kept.`);
  }
  return url.href;
}

function normaliseTags(tags: readonly string[]): readonly string[] {
  const normal = new Set<string>();
  for (const tag of tags) {
    const text = normaliseTag(tag);
    if (!text) continue;
    if (text.length > limits.tag || !/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(text)) {
      throw refuse(
        'tags',
        `${JSON.stringify(tag.slice(0, 60))} is not a tag: use letters, digits and "-", at most ${limits.tag} characters.`,
      );
    }
    normal.add(text);
  }
  if (normal.size > limits.tags) {
    throw refuse('tags', `${normal.size} tags are too many; at most ${limits.tags} are kept.`);
  }
  return [...normal];
}

/** A tag as it is stored and compared: "Food & Drink" and "food-drink" are one. */
export function normaliseTag(tag: string): string {
  return tag
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s&_/.,-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

function normaliseCid(text: string | null): string | null {
  const cid = text?.trim().replace(/^ipfs:\/\//, '');
  if (!cid) return null;
  // CIDv0: base58 of a SHA-256 multihash. CIDv1 in base32: version, codec and multihash, at least of 20 bytes.
  if (/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(cid) || /^b[a-z2-7]{38,110}$/.test(cid)) return cid;
  throw refuse('logoCid', 'The logo is not a CID. Expected Qm… (46 characters) or a CIDv1 in base32 (b…).');
}
