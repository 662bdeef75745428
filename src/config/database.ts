// The address of a PostgreSQL, which carries a password: none of its mistakes may repeat it.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS (read 2026-11-27)
import type { ConfigProblem } from '../errors.ts';

const path = 'DATABASE_URL';
const example = 'postgresql://purser:password@db.example.com:5432/purser';

/** As it was given: what stands behind the `?` is the driver's. Every mistake is added to the problems. */
export function readDatabaseUrl(
  text: string | undefined,
  { keepsNothing }: { readonly keepsNothing: boolean },
  problems: ConfigProblem[],
): string | undefined {
  if (text === undefined) return undefined;
  if (keepsNothing) {
    problems.push({
      path,
      problem:
        'Without a chat token or a provider Purser starts the playground with its own sandboxes, which keeps nothing.',
      remedy: `Remove ${path} to start the playground.`,
    });
    return undefined;
  }
  const mistake = findMistake(text);
  if (mistake === undefined) return text;
  problems.push({ path, ...mistake });
  return undefined;
}

function findMistake(text: string): Omit<ConfigProblem, 'path'> | undefined {
  const remedy = `Write it like ${example}.`;
  if (!/^postgres(ql)?:\/\//.test(text)) {
    return { problem: 'It is no address of a PostgreSQL.', remedy };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hash !== '' || !isDecodable(url)) {
    const signs =
      'In a password write %40 for @, %3A for :, %2F for /, %3F for ?, %23 for # and %25 for %.';
    return { problem: 'It cannot be taken apart.', remedy: `${remedy} ${signs}` };
  }
  // A folder of a socket stands behind the `?`.
  if (url.hostname === '' && !url.searchParams.get('host')) {
    return { problem: 'It names no host.', remedy };
  }
  if (/^\/*$/.test(url.pathname)) return { problem: 'It names no database.', remedy };
  return undefined;
}

function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false;
  }
}

/** The whole address too: a driver may quote it. */
export function listDatabaseSecrets(text: string | undefined): string[] {
  if (text === undefined) return [];
  const { username, password, searchParams } = new URL(text);
  // As it was written, which the parser may have escaped further.
  const [, written = ''] = /^[a-z]+:\/\/[^:@/]*:([^/]*)@/.exec(text) ?? [];
  const forms = [written, password, decodeURIComponent(password), searchParams.get('password')];
  // One that is the user’s name too protects nothing, and would be blanked out of every other line.
  const isSecret = (form: string | null): form is string =>
    form !== null && form !== '' && form !== username;
  return [text, ...new Set(forms.filter(isSecret))];
}
