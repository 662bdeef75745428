// The only links that Discord is given: https addresses which Purser itself put into a card.

/** The text alone where the address is none that a card may lead to. */
export function renderLink(escaped: string, address: string): string {
  if (!URL.canParse(address)) return escaped;
  const { protocol, href } = new URL(address);
  if (protocol !== 'https:') return escaped;
  const closed = href.replace(/[()<>\\*_~`|\s]/g, (mark) => encodeURIComponent(mark));
  // Parentheses are not encoded by that, and would end the address.
  return `[${escaped}](${closed.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
