/** Forms that several settings share. */

export const URL_RULE = {
  require_tld: false,
  require_protocol: true,
  protocols: ['http', 'https'],
};
export const WEBHOOK_RULE = {
  protocols: ['http', 'https'],
  disallow_auth: true,
  allow_fragments: false,
  max_allowed_length: 500,
};

/** The items between commas. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
