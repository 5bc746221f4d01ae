// What commands that speak to a product over its endpoint take from the environment: where it is, and as whom.

export interface ClientSettings {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly key: string | undefined;
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** AIOS_URL, AIOS_TOKEN and AIOS_KEY. */
export function clientSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ClientSettings {
  return { url: given(env.AIOS_URL), token: given(env.AIOS_TOKEN), key: given(env.AIOS_KEY) };
}
