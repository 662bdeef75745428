// The sheet that the doctor prints: in parts, aligned, one line a finding, and what it comes to.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Examined, inArea } from '../../src/doctor/findings.ts';
import { examineMachine } from '../../src/doctor/machine.ts';
import { nodeVersionMin, renderFindings } from '../../src/doctor.ts';

const findings: readonly Examined[] = [
  ...inArea('Slack', [
    { level: 'problem', what: 'Slack token', text: 'It is refused. Copy it again.' },
    { level: 'unchecked', what: 'People on Slack', text: 'Not checked: the token is refused.' },
  ]),
  ...inArea('This machine', [
    { level: 'fine', what: 'Node', text: 'Version 24.0.0.' },
    { level: 'warning', what: '.env', text: 'Everybody may read it: run “chmod 600 .env”.' },
  ]),
];

test('has a heading for each part, in their order, and one line for each finding', () => {
  expect(renderFindings(findings, { isColoured: false })).toBe(`
This machine
  ✓ Node             Version 24.0.0.
  ! .env             Everybody may read it: run “chmod 600 .env”.

Slack
  ✗ Slack token      It is refused. Copy it again.
  · People on Slack  Not checked: the token is refused.

1 problem, 1 warning; 1 not checked.

`);
});

test('counts in the singular and the plural, and says when all is well', () => {
  const endOf = (...levels: Examined['level'][]) => {
    const all = levels.map((level) => ({ level, what: 'It', text: 'is.' }));
    return renderFindings(inArea('Data', all), { isColoured: false }).trim().split('\n').at(-1);
  };
  expect(endOf('fine')).toBe('All is well.');
  expect(endOf('problem', 'problem', 'problem', 'warning')).toBe('3 problems, 1 warning.');
  expect(endOf('warning', 'warning')).toBe('2 warnings.');
});

test('has colours on a terminal only, and says the same without them', () => {
  const plain = renderFindings(findings, { isColoured: false });
  const coloured = renderFindings(findings, { isColoured: true });
  const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, 'g');
  expect(plain).not.toMatch(colour);
  expect(coloured.match(colour)?.length).toBeGreaterThan(10);
  expect(coloured.replace(colour, '')).toBe(plain);
});

test('breaks long lines under their text, and no address within', () => {
  const address = `https://example.com/${'a'.repeat(60)}`;
  const long = { level: 'fine', what: 'PUBLIC_URL', text: `It leads there: ${address} at last.` };
  const sheet = renderFindings(inArea('Network', [long as Examined]), {
    isColoured: false,
    columns: 60,
  });
  expect(sheet.split('\n').slice(2, 5)).toEqual([
    '  ✓ PUBLIC_URL  It leads there:',
    `                ${address}`,
    '                at last.',
  ]);
});

test('the version of Node is compared as numbers, with the one that package.json asks for', async () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    engines: { node: string };
  };
  expect(engines.node).toBe(`>=${nodeVersionMin}`);
  const levelOf = async (nodeVersion: string) =>
    (await examineMachine({ nodeVersion, envFile: '/nowhere/.env' }))[0]?.level;
  for (const good of [nodeVersionMin, '20.19.0', '20.100.0', '24.0.0']) {
    expect(await levelOf(good)).toBe('fine');
  }
  for (const old of ['20.18.0', '20.9.1', '18.20.4', '9.99.99']) {
    expect(await levelOf(old)).toBe('problem');
  }
});
