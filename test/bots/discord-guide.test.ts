// The setup guide says what the code asks for, and the messages that it explains are there.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inviteUrl, neededPermissions, permissionsInteger } from '../../src/bots/discord/index.ts';

const guide = readFileSync(new URL('../../docs/discord.md', import.meta.url), 'utf8');
const folder = new URL('../../src/bots/discord/', import.meta.url);
const code = readdirSync(folder)
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

it('names each permission that the invitation asks for, with its reason and the sum', () => {
  const [, table = ''] = /permissions:begin -->\n([\s\S]*?)<!-- permissions:end/.exec(guide) ?? [];
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| -|^\| permission/.test(line));
  const cells = rows.map((row) =>
    row
      .split('|')
      .map((part) => part.trim())
      .slice(1, 4),
  );
  expect(cells).toEqual([
    ...neededPermissions.map(({ name, bit, why }) => [name, String(bit), why]),
    ['**together**', `**${permissionsInteger}**`, ''],
  ]);
});

it('shows the address that Purser itself gives', () => {
  const url = inviteUrl('APPLICATION_ID', 'SERVER_ID');
  expect(guide).toContain(url.replace(String(permissionsInteger), 'PERMISSIONS'));
});

it('explains messages that exist', () => {
  const said = [...guide.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, text = '']) =>
    text.replace('#…', ''),
  );
  expect(said.length).toBeGreaterThan(8);
  for (const text of said) expect(code).toContain(text.trim());
});
