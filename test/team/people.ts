// The smallest people of a team file.

/** `more` begins with a comma: `, slack: { team: T01, user: U01 }`. */
export function person(id: string, more = ''): string {
  return `  - { id: ${id}, name: ${id}, roles: [viewer]${more} }`;
}

/** Somebody who may ask for payouts, and is this as well. */
export function asking(id: string, role: string): string {
  return `  - { id: ${id}, name: ${id}, roles: [requester, ${role}] }`;
}

export function people(...lines: readonly string[]): string {
  return ['people:', ...lines].join('\n');
}
