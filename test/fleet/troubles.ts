// What nobody may ever see in what a fleet wrote: errors, words that are no log, and secrets.
import type { Line, Replica } from './replica.ts';

const secretName = /TOKEN|SECRET|PRIVATE_KEY|CONTROL_KEY|AUTHORIZATION|PASSWORD/;
/** Two lines of a key would do. */
const secretLengthMin = 6;

export function findTroubles(
  replicas: readonly Pick<Replica, 'name' | 'lines'>[],
  environment: Readonly<Record<string, string>>,
): string[] {
  const password = new URL(environment['DATABASE_URL'] ?? 'postgres://').password;
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) ? [{ name, parts: partsOf(value) }] : [],
  );
  if (password !== '') secrets.push({ name: 'DATABASE_URL', parts: [password] });
  return replicas.flatMap(({ name, lines }) =>
    lines.flatMap((line) => {
      const told = secrets.filter(({ parts }) => parts.some((part) => line.text.includes(part)));
      return [
        ...told.map((one) => `${name} wrote ${one.name} into its log: ${line.text.slice(0, 200)}`),
        ...(isTrouble(line) ? [`${name}: ${line.message} ${line.text.slice(0, 2000)}`] : []),
      ];
    }),
  );
}

function isTrouble({ level }: Line): boolean {
  return level === 'error' || level === 'fatal' || level === 'unread';
}

function partsOf(value: string): string[] {
  return value.split(/-----[A-Z ]+-----|\s+/).filter((part) => part.length >= secretLengthMin);
}
